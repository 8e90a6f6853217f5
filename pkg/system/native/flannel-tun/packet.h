/* Packet functions of flannel-tun: checksums, segmenting GSO packets into wire packets,
   coalescing wire packets into GSO packets, ICMP errors. No system calls and no global state, so
   that the code can be tested and fuzzed alone. All lengths are checked here; callers may pass
   any bytes. */
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

/* Ones' complement sum of `size` bytes, folded to 32 bits; pass the last result as `sum` to
   continue. */
uint32_t sum_bytes(const void *data, size_t size, uint32_t sum);
uint16_t fold_sum(uint32_t sum);

struct ipv4_packet {
  uint8_t *data;
  uint32_t size;        /* from the header; at most the given size */
  uint32_t header_size; /* IPv4 header */
  uint8_t protocol;
  uint32_t source, destination; /* host order */
  int is_fragment;
};

/* Returns 0 when `data` starts with a complete, valid IPv4 packet. */
int parse_ipv4(uint8_t *data, size_t size, struct ipv4_packet *out);

/* Decrements the TTL and updates the header checksum; -1 when the packet must be dropped. */
int decrement_ttl(uint8_t *ip);

/* Completes a checksum that the sender left to the device; -1 for offsets outside the packet. */
int finish_checksum(const struct virtio_net_hdr *vnet, uint8_t *data, size_t size);

struct segments {
  int count;
  uint32_t segment_size; /* of all segments but the last */
  uint32_t total;        /* bytes of all segments */
  uint8_t headers[MAX_SEGMENTS * 2][MAX_HEADER];
  struct iovec iov[MAX_SEGMENTS * 4]; /* header, payload of each */
};

/* Segments a TCPV4 or UDP_L4 GSO packet; -1 when it is malformed or has too many segments. */
int cut_segments(const struct virtio_net_hdr *vnet, const struct ipv4_packet *packet,
    struct segments *out);

/* A GSO packet under construction: pieces of the receive buffer. */
struct run {
  int used;
  int closed;
  uint8_t *first;
  uint32_t header_size; /* IPv4 and TCP or UDP */
  uint32_t segment;     /* payload of each segment */
  uint32_t payload;     /* of all segments */
  uint32_t next_sequence;
  uint8_t protocol;
  int count;
  struct virtio_net_hdr vnet;
  struct iovec iov[MAX_SEGMENTS + 1];
};

struct joiner {
  struct run runs[MAX_RUNS];
  int join_udp;
  int verify; /* verify inner checksums before coalescing */
  void (*write)(void *context, const struct iovec *iov, int count);
  void *context;
};

/* Accepts one wire packet, which is written now or coalesced with others. It must stay valid
   until join_flush. */
void join_packet(struct joiner *joiner, struct ipv4_packet *packet);
void join_flush(struct joiner *joiner);

/* Builds an ICMP destination-unreachable message for `packet`; returns its size, 0 when none may
   be sent. */
uint32_t build_unreachable(const struct ipv4_packet *packet, uint32_t from, uint8_t code,
    uint16_t mtu, uint8_t *out, size_t room);

#endif
