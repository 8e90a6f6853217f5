// Written by hack/generate-tables.mjs from tables.yaml; do not edit.

export const CGROUP_V1 = {
"cpu": ["cpuacct/cpuacct.usage"],
"cpuUser": ["cpuacct/cpuacct.stat","user",10000000],
"cpuSystem": ["cpuacct/cpuacct.stat","system",10000000],
"periods": ["cpu/cpu.stat","nr_periods"],
"throttledPeriods": ["cpu/cpu.stat","nr_throttled"],
"throttled": ["cpu/cpu.stat","throttled_time"],
"shares": ["cpu/cpu.shares"],
"quota": ["cpu/cpu.cfs_quota_us"],
"period": ["cpu/cpu.cfs_period_us"],
"memory": ["memory/memory.usage_in_bytes"],
"memoryPeak": ["memory/memory.max_usage_in_bytes"],
"memoryFailures": ["memory/memory.failcnt"],
"memoryLimit": ["memory/memory.limit_in_bytes"],
"cache": ["memory/memory.stat","total_cache"],
"rss": ["memory/memory.stat","total_rss"],
"mapped": ["memory/memory.stat","total_mapped_file"],
"activeFile": ["memory/memory.stat","total_active_file"],
"inactiveFile": ["memory/memory.stat","total_inactive_file"],
"swap": ["memory/memory.stat","total_swap"],
"pageFaults": ["memory/memory.stat","total_pgfault"],
"majorPageFaults": ["memory/memory.stat","total_pgmajfault"],
"kernel": ["memory/memory.kmem.usage_in_bytes"],
"oomKills": ["memory/memory.oom_control","oom_kill"],
"threads": ["pids/pids.current"],
"threadsMax": ["pids/pids.max"]
} as const;

export const CGROUP_V2 = {
"cpu": ["cpu.stat","usage_usec",1000],
"cpuUser": ["cpu.stat","user_usec",1000],
"cpuSystem": ["cpu.stat","system_usec",1000],
"periods": ["cpu.stat","nr_periods"],
"throttledPeriods": ["cpu.stat","nr_throttled"],
"throttled": ["cpu.stat","throttled_usec",1000],
"memory": ["memory.current"],
"memoryPeak": ["memory.peak"],
"memoryFailures": ["memory.events","max"],
"memoryLimit": ["memory.max"],
"cache": ["memory.stat","file"],
"rss": ["memory.stat","anon"],
"mapped": ["memory.stat","file_mapped"],
"activeFile": ["memory.stat","active_file"],
"inactiveFile": ["memory.stat","inactive_file"],
"swap": ["memory.swap.current"],
"pageFaults": ["memory.stat","pgfault"],
"majorPageFaults": ["memory.stat","pgmajfault"],
"kernel": ["memory.stat","kernel"],
"oomKills": ["memory.events","oom_kill"],
"threads": ["pids.current"],
"threadsMax": ["pids.max"]
} as const;

export const RESOURCE_ROWS = [
["cpu_usage_seconds_total","counter","cpu",1000000000,"[STABLE] Cumulative cpu time consumed by the SUBJECT in core-seconds",{}],
["memory_working_set_bytes","gauge","workingSet",1,"[STABLE] Current working set of the SUBJECT in bytes",{}],
["swap_usage_bytes","gauge","swap",1,"[ALPHA] Current amount of the SUBJECT swap usage in bytes. Reported only on non-windows systems",{}]
] as const;

export const CADVISOR_ROWS = [
["cpu_cfs_periods_total","counter","periods",1,"Number of elapsed enforcement period intervals.",{}],
["cpu_cfs_throttled_periods_total","counter","throttledPeriods",1,"Number of throttled period intervals.",{}],
["cpu_cfs_throttled_seconds_total","counter","throttled",1000000000,"Total time duration the container has been throttled.",{}],
["cpu_system_seconds_total","counter","cpuSystem",1000000000,"Cumulative system cpu time consumed in seconds.",{}],
["cpu_usage_seconds_total","counter","cpu",1000000000,"Cumulative cpu time consumed in seconds.",{"cpu":"total"}],
["cpu_user_seconds_total","counter","cpuUser",1000000000,"Cumulative user cpu time consumed in seconds.",{}],
["memory_cache","gauge","cache",1,"Number of bytes of page cache memory.",{}],
["memory_failcnt","counter","memoryFailures",1,"Number of memory usage hits limits",{}],
["memory_failures_total","counter","pageFaults",1,"Cumulative count of memory allocation failures.",{"failure_type":"pgfault","scope":"hierarchy"}],
["memory_failures_total","counter","majorPageFaults",1,"Cumulative count of memory allocation failures.",{"failure_type":"pgmajfault","scope":"hierarchy"}],
["memory_kernel_usage","gauge","kernel",1,"Size of kernel memory allocated in bytes.",{}],
["memory_mapped_file","gauge","mapped",1,"Size of memory mapped files in bytes.",{}],
["memory_max_usage_bytes","gauge","memoryPeak",1,"Maximum memory usage recorded in bytes",{}],
["memory_rss","gauge","rss",1,"Size of RSS in bytes.",{}],
["memory_swap","gauge","swap",1,"Container swap usage in bytes.",{}],
["memory_total_active_file_bytes","gauge","activeFile",1,"Current total active file in bytes.",{}],
["memory_total_inactive_file_bytes","gauge","inactiveFile",1,"Current total inactive file in bytes.",{}],
["memory_usage_bytes","gauge","memory",1,"Current memory usage in bytes, including all memory regardless of when it was accessed",{}],
["memory_working_set_bytes","gauge","workingSet",1,"Current working set in bytes.",{}],
["oom_events_total","counter","oomKills",1,"Count of out of memory events observed for the container",{}],
["processes","gauge","processes",1,"Number of processes running inside the container.",{}],
["spec_cpu_period","gauge","period",1,"CPU period of the container.",{}],
["spec_cpu_quota","gauge","quota",1,"CPU quota of the container.",{}],
["spec_cpu_shares","gauge","shares",1,"CPU share of the container.",{}],
["spec_memory_limit_bytes","gauge","memoryLimit",1,"Memory limit for the container.",{}],
["threads","gauge","threads",1,"Number of threads running inside the container",{}],
["threads_max","gauge","threadsMax",1,"Maximum number of threads allowed inside the container, infinity if value is zero",{}],
["last_seen","gauge","at",1000,"Last time a container was seen by the exporter",{}],
["start_time_seconds","gauge","started",1000,"Start time of the container since unix epoch in seconds.",{}]
] as const;

export const NETWORK_ROWS = [
["network_receive_bytes_total","counter","receive_bytes",1,"Cumulative count of bytes received",{}],
["network_receive_errors_total","counter","receive_errors",1,"Cumulative count of errors encountered while receiving",{}],
["network_receive_packets_dropped_total","counter","receive_packets_dropped",1,"Cumulative count of packets dropped while receiving",{}],
["network_receive_packets_total","counter","receive_packets",1,"Cumulative count of packets received",{}],
["network_transmit_bytes_total","counter","transmit_bytes",1,"Cumulative count of bytes transmitted",{}],
["network_transmit_errors_total","counter","transmit_errors",1,"Cumulative count of errors encountered while transmitting",{}],
["network_transmit_packets_dropped_total","counter","transmit_packets_dropped",1,"Cumulative count of packets dropped while transmitting",{}],
["network_transmit_packets_total","counter","transmit_packets",1,"Cumulative count of packets transmitted",{}]
] as const;

export const DEVICE_ROWS = [
["fs_inodes_free","gauge","inodesFree",1,"Number of available Inodes",{}],
["fs_inodes_total","gauge","inodes",1,"Number of Inodes",{}],
["fs_limit_bytes","gauge","capacity",1,"Number of bytes that can be consumed by the container on this filesystem.",{}],
["fs_reads_bytes_total","counter","readBytes",1,"Cumulative count of bytes read",{}],
["fs_reads_total","counter","reads",1,"Cumulative count of reads completed",{}],
["fs_usage_bytes","gauge","usedBytes",1,"Number of bytes that are consumed by the container on this filesystem.",{}],
["fs_writes_bytes_total","counter","writeBytes",1,"Cumulative count of bytes written",{}],
["fs_writes_total","counter","writes",1,"Cumulative count of writes completed",{}]
] as const;

export const DEVICE_COLUMNS = {
"receive_bytes": 0,
"receive_packets": 1,
"receive_errors": 2,
"receive_packets_dropped": 3,
"transmit_bytes": 8,
"transmit_packets": 9,
"transmit_errors": 10,
"transmit_packets_dropped": 11
} as const;
