# The command line of a script, for scripts that source this file:
#   accept NAME=PATTERN... [--FLAG...] -- "$@"
# prints the comment at the script's head for --help, the versions for --version, and refuses what
# is not accepted with exit code 2. NAME=PATTERN is an operand and the extended regular expression
# of its texts; the last NAME may end in "..." and repeat. Does nothing else.

hack="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"

# The comment after the first line of a script.
print_help() { sed -n '2,${/^#/!q;s/^# \{0,1\}//p}' "$1"; }

print_version() {
  local own kubernetes
  own="$(sed -n 's/^  "version": "\(.*\)",$/\1/p' "$hack/../package.json")"
  kubernetes="$(sed -n "s/.*RELEASE = '\([^'+]*\).*/\1/p" "$hack/../pkg/apimachinery/meta/release.ts")"
  echo "Wheelhouse $own, Kubernetes $kubernetes"
}

refuse() {
  echo "hack/$(basename "$0"): $*" >&2
  echo "See 'hack/$(basename "$0") --help'." >&2
  exit 2
}

# For a pattern that only lists words: those words.
choices() { [[ ! "$1" =~ ^[a-z0-9|]+$ ]] || echo "; it is one of ${1//|/, }"; }

accept() {
  local operands=() flags=' ' word at=0 spec
  while [ "$1" != -- ]; do
    case "$1" in --*) flags+="$1 " ;; *) operands+=("$1") ;; esac
    shift
  done
  shift
  for word in "$@"; do
    case "$word" in
      --help | -h)
        print_help "$hack/$(basename "$0")"
        exit
        ;;
      --version)
        print_version
        exit
        ;;
    esac
  done
  for word in "$@"; do
    if [[ "$word" == -* ]]; then
      [[ "$flags" == *" $word "* ]] || refuse "unknown flag \"$word\""
      continue
    fi
    spec="${operands[at]:-}"
    [ -n "$spec" ] || refuse "unexpected argument \"$word\""
    [[ "$word" =~ ^(${spec#*=})$ ]] || refuse "${spec%%=*} cannot be \"$word\"$(choices "${spec#*=}")"
    [[ "${spec%%=*}" == *... ]] || at=$((at + 1))
  done
}
