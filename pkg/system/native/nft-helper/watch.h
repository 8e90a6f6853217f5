// Tells of changes of nftables until standard input ends; gives the exit code.
int watch(void);
