/* Shared declarations of flannel-tun. main.c starts it, device.c opens devices, routes.c holds
   the peers, data.c carries packets, control.c answers flanneld, takeover.c replaces a running
   process. */
#ifndef FLANNEL_TUN_H
#define FLANNEL_TUN_H

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include "packet.h"

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif
#ifndef UDP_GRO
#define UDP_GRO 104
#endif

#define FLANNEL_TUN_VERSION "2"
/* A hash of the sources, set by hack/build-native: flanneld replaces a running flannel-tun of
   another build. */
#ifndef FLANNEL_TUN_BUILD
#define FLANNEL_TUN_BUILD "unknown"
#endif

struct options {
  const char *dev, *local, *network, *subnet, *socket, *mode;
  uint32_t local_ip;   /* host order, like all addresses here */
  uint32_t tun_ip;     /* source of ICMP errors: the first address of the subnet */
  uint32_t network_ip;
  int network_length;
  uint16_t port;
  uint16_t mtu;
  int simple;          /* one packet per call, no offloads */
  int check_source;
  int take_over;       /* take over from the process that listens at `socket` */
};

/* The features that the kernel supports. */
struct features {
  int vnet, tso, uso, segment, gro;
};

#define EACH_COUNTER(ONE)                                                                       \
  ONE(tx_packets) ONE(tx_bytes) ONE(tx_sends) ONE(tx_errors) ONE(tx_no_route) ONE(tx_dropped)    \
  ONE(rx_packets) ONE(rx_bytes) ONE(rx_receives) ONE(rx_writes) ONE(rx_errors) ONE(rx_malformed) \
  ONE(rx_bad_source) ONE(ttl_exceeded)

struct stats {
#define ONE(field) atomic_ullong field;
  EACH_COUNTER(ONE)
#undef ONE
};

extern struct options options;
extern struct features features;
extern struct stats stats;
extern int tun_fd, udp_fd;

#define COUNT(field, by) atomic_fetch_add_explicit(&stats.field, (by), memory_order_relaxed)

/* device.c. Both functions end the process with a message when they fail. */
void open_tun(void);
void open_udp(void);

/* routes.c */
struct route {
  uint32_t net;
  int length;
  uint32_t peer;
};
/* Replaces all routes; -1 when they span too many subnets. */
int routes_replace(const struct route *routes, int count);
/* The peer of an address, 0 when there is none. */
uint32_t route_of(uint32_t address);
/* Prints all routes as "set NET IP" lines. */
void routes_print(FILE *out);
struct route_list {
  struct route *routes;
  int count, room;
};
/* Adds the route "NET IP"; returns an error message or NULL. */
const char *route_list_add(struct route_list *list, char *words);
int parse_ip(const char *text, uint32_t *out);
int parse_net(const char *text, uint32_t *net, int *length);

/* data.c */
void start_data_threads(void);
/* Returns when all packets that were read are sent. */
void stop_data_threads(void);

/* control.c. Returns when flanneld sends stop. With `listener` -1 it creates one. */
void serve_control(const char *path, int listener);
void print_hello(char *out, size_t room);

/* takeover.c. Returns 0 on success. */
int give_over(int client, int listener);
int take_over(const char *path, int *listener);

void die(const char *what);

#endif
