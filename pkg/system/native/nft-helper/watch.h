// Reports changes of nftables until standard input ends; returns the exit code.
int watch(void);
