// Ends processes in which nothing runs any more, so that the supervisor starts them again. A
// process with a stuck event loop ends itself; its watchdog thread touches a file as long as it
// runs. This loop ends processes that do not even do that: stopped, frozen, or stuck in the kernel.
import { quote } from '../../pkg/system/exec.js';

/** Looks this often. */
const PERIOD_SECONDS = 5;
/**
 * A file of this age is stale. The age is the wall clock's, which may jump: one look decides
 * nothing.
 */
const STALE_SECONDS = 35;

/** The variable that names a process's own file below `folder`. */
export const HEARTBEAT = 'WHEELHOUSE_HEARTBEAT';

/**
 * A shell script that looks into `folder`. A file holds the pid of its process, and the environment
 * of that process names the file: a pid that another process has by now is left alone.
 */
export const renderHeartbeatWatch = (
  folder: string,
  { period = PERIOD_SECONDS, stale = STALE_SECONDS } = {},
): string => `cd ${quote(folder)} || exit 1
before=
while sleep ${period}; do
  now=$(find . -type f ! -newermt '-${stale} seconds')
  for file in $now; do
    case " $before " in *" $file "*) ;; *) continue ;; esac
    pid=$(cat "$file")
    if grep -qzxF ${HEARTBEAT}="$PWD/\${file#./}" "/proc/$pid/environ" 2>/dev/null; then
      echo "\${file#./}: process $pid has shown no sign of life for ${stale} s; ending it"
      kill -KILL "$pid"
    fi
  done
  before=$(echo $now)
done
`;
