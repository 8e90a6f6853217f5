/* Packet arithmetic of flannel-tun: checksums, cutting super-packets into wire packets, joining wire
 * packets into super-packets, ICMP errors. No system calls, no state but what is passed in, so that
 * it can be tested and fuzzed alone. All lengths are checked here; callers may pass anything. */
#ifndef FLANNEL_TUN_PACKET_H
#define FLANNEL_TUN_PACKET_H

#include <linux/virtio_net.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#ifndef VIRTIO_NET_HDR_GSO_UDP_L4
#define VIRTIO_NET_HDR_GSO_UDP_L4 5
#endif

enum {
  MAX_PACKET = 65535,
  MAX_SEND = 65507,   /* largest UDP payload */
  MAX_SEGMENTS = 64,  /* per UDP_SEGMENT send, on every kernel */
  MAX_HEADER = 120,   /* IPv4 and TCP with all options */
  MAX_RUNS = 16,
};

/* Ones' complement sum of `size` bytes, folded to 32 bits; chain by passing the last result. */
uint32_t sum_bytes(const void *data, size_t size, uint32_t sum);
uint16_t fold_sum(uint32_t sum);

struct ipv4_packet {
  uint8_t *data;
  uint32_t size;        /* as the header says; at most what was given */
  uint32_t header_size; /* IPv4 header */
  uint8_t protocol;
  uint32_t source, destination; /* host order */
  int is_fragment;
};

/* 0 when `data` starts with a whole, sane IPv4 packet. */
int parse_ipv4(uint8_t *data, size_t size, struct ipv4_packet *out);

/* Decrements TTL and corrects the header's checksum; -1 when the packet has to die. */
int decrement_ttl(uint8_t *ip);

/* Completes the checksum that the sender left to the device; -1 for offsets outside the packet. */
int finish_checksum(const struct virtio_net_hdr *vnet, uint8_t *data, size_t size);

struct segments {
  int count;
  uint32_t segment_size; /* of all but the last */
  uint32_t total;        /* bytes of all */
  uint8_t headers[MAX_SEGMENTS * 2][MAX_HEADER];
  struct iovec iov[MAX_SEGMENTS * 4]; /* header, payload of each */
};

/* Cuts a TCPV4 or UDP_L4 super-packet; -1 when it is malformed or has too many segments. */
int cut_segments(const struct virtio_net_hdr *vnet, const struct ipv4_packet *packet, struct segments *out);

/* A super-packet in the making: pieces of the receive buffer. */
struct run {
  int used;
  int closed;
  uint8_t *first;
  uint32_t header_size; /* IPv4 and TCP or UDP */
  uint32_t segment;     /* payload of each segment */
  uint32_t payload;     /* of all */
  uint32_t next_sequence;
  uint8_t protocol;
  int count;
  struct virtio_net_hdr vnet;
  struct iovec iov[MAX_SEGMENTS + 1];
};

struct joiner {
  struct run runs[MAX_RUNS];
  int join_udp;
  int verify; /* check inner checksums before joining */
  void (*write)(void *context, const struct iovec *iov, int count);
  void *context;
};

/* Takes one wire packet; it is written now or joined with others. It must stay valid until join_flush. */
void join_packet(struct joiner *joiner, struct ipv4_packet *packet);
void join_flush(struct joiner *joiner);

/* Builds an ICMP destination-unreachable about `packet`; returns its size, 0 when none may be sent. */
uint32_t build_unreachable(const struct ipv4_packet *packet, uint32_t from, uint8_t code, uint16_t mtu, uint8_t *out, size_t room);

#endif
