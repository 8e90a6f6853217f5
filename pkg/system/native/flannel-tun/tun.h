/* flannel-tun: what its parts share. main.c starts, device.c opens, routes.c knows the peers,
 * data.c carries packets, control.c answers flanneld. */
#ifndef FLANNEL_TUN_H
#define FLANNEL_TUN_H

#include <stdatomic.h>
#include <stdint.h>

#define FLANNEL_TUN_VERSION "1"

struct options {
  const char *dev, *local, *network, *subnet, *socket, *mode;
  uint32_t local_ip;   /* host order, as all addresses here */
  uint32_t tun_ip;     /* source of ICMP errors: the subnet's first address */
  uint32_t network_ip;
  int network_length;
  uint16_t port;
  uint16_t mtu;
  int simple;          /* one packet per call, no offloads */
  int check_source;
};

/* What the kernel gave us. */
struct features {
  int vnet, tso, uso, segment, gro;
};

struct stats {
  atomic_ullong tx_packets, tx_bytes, tx_sends, tx_errors, tx_no_route, tx_dropped;
  atomic_ullong rx_packets, rx_bytes, rx_receives, rx_writes, rx_errors, rx_malformed, rx_bad_source, ttl_exceeded;
};

extern struct options options;
extern struct features features;
extern struct stats stats;
extern int tun_fd, udp_fd;

#define COUNT(field, by) atomic_fetch_add_explicit(&stats.field, (by), memory_order_relaxed)

/* device.c; both end the process with a message when they cannot. */
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
/* The peer for an address, 0 when there is none. */
uint32_t route_of(uint32_t address);
int parse_ip(const char *text, uint32_t *out);
int parse_net(const char *text, uint32_t *net, int *length);

/* data.c */
void start_data_threads(void);

/* control.c; returns when flanneld says stop. */
void serve_control(const char *path);

void die(const char *what);

#endif
