/* Tests of the packet and route code of flannel-tun, built with sanitizers by packet.test.ts.
   Segmenting and coalescing are inverse, checksums and routes agree with a slow second
   implementation, and random bytes cause no error. Arguments: SEED ROUNDS. */
#include "../../pkg/system/native/flannel-tun/packet.h"
#include "../../pkg/system/native/flannel-tun/tun.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state;
static uint32_t chance(uint32_t below) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return below ? (uint32_t)(state >> 16) % below : 0;
}

#define CHECK(condition)                                                             \
  do {                                                                               \
    if (!(condition)) {                                                              \
      fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                \
      exit(1);                                                                       \
    }                                                                                \
  } while (0)

static uint16_t slow_sum(const uint8_t *data, size_t size, uint32_t sum) {
  for (size_t n = 0; n < size; n++) sum += n % 2 ? data[n] : (uint32_t)data[n] << 8;
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  return (uint16_t)sum;
}

static void put16(uint8_t *at,
    uint32_t value) { at[0] = (uint8_t)(value >> 8); at[1] = (uint8_t)value; }
static uint32_t get16(const uint8_t *at) { return (uint32_t)at[0] << 8 | at[1]; }

/* Checks that both checksums of a complete packet are right. */
static void check_packet(const uint8_t *ip, size_t size) {
  uint32_t header = (ip[0] & 15) * 4u, rest = (uint32_t)size - header;
  CHECK(get16(ip + 2) == size);
  CHECK(slow_sum(ip, header, 0) == 0xffff);
  uint32_t pseudo = slow_sum(ip + 12, 8, ip[9] + rest);
  CHECK(slow_sum(ip + header, rest, pseudo) == 0xffff);
}

struct sink {
  uint8_t data[1 << 20];
  size_t used, packets, supers;
  int exact; /* packets are valid: check them */
};

/* Models a write to the TUN: the kernel completes the checksums of GSO packets. */
static void collect(void *context, const struct iovec *iov, int count) {
  struct sink *sink = context;
  static uint8_t packet[1 << 17];
  size_t size = 0;
  struct virtio_net_hdr vnet;
  CHECK(iov[0].iov_len == sizeof vnet && count >= 2);
  memcpy(&vnet, iov[0].iov_base, sizeof vnet);
  for (int n = 1; n < count; n++) {
    CHECK(size + iov[n].iov_len <= sizeof packet);
    memcpy(packet + size, iov[n].iov_base, iov[n].iov_len);
    size += iov[n].iov_len;
  }
  CHECK(size <= MAX_PACKET);
  sink->packets++;
  if (vnet.gso_type) {
    sink->supers++;
    CHECK(vnet.flags & VIRTIO_NET_HDR_F_NEEDS_CSUM);
    CHECK(vnet.hdr_len <= size && vnet.gso_size > 0);
  }
  if (!sink->exact) return;
  CHECK(finish_checksum(&vnet, packet, size) == 0);
  check_packet(packet, size);
  uint32_t header = packet[9] == IPPROTO_TCP ? 20 + (packet[32] >> 4) * 4u : 28;
  CHECK(sink->used + size - header <= sizeof sink->data);
  memcpy(sink->data + sink->used, packet + header, size - header);
  sink->used += size - header;
}

static uint32_t make_super(uint8_t *out, int tcp, uint32_t payload) {
  uint32_t options = tcp ? chance(11) * 4 : 0, header = 20 + (tcp ? 20 + options : 8),
      size = header + payload;
  for (uint32_t n = 0; n < size; n++) out[n] = (uint8_t)chance(256);
  out[0] = 0x45;
  put16(out + 2, size);
  put16(out + 6, 0x4000);
  out[8] = (uint8_t)(2 + chance(200));
  out[9] = tcp ? IPPROTO_TCP : IPPROTO_UDP;
  if (tcp) {
    out[32] = (uint8_t)((20 + options) / 4 << 4);
    out[33] = (uint8_t)(0x10 | (chance(2) ? 0x08 : 0));
  } else {
    put16(out + 24, 8 + payload);
  }
  return size;
}

static void test_sums(void) {
  uint8_t data[4096];
  for (size_t n = 0; n < sizeof data; n++) data[n] = (uint8_t)chance(256);
  size_t from = chance(64), size = chance(4000);
  uint32_t start = chance(100000);
  CHECK(fold_sum(sum_bytes(data + from, size, start)) == slow_sum(data + from, size, start));
}

/* Segments a GSO packet, checks every wire packet and coalesces them again: the bytes must be
   the same. */
static void test_round_trip(void) {
  static uint8_t super[MAX_PACKET], wire[1 << 20];
  static struct segments cut;
  static struct sink sink;
  static struct joiner joiner;
  memset(&joiner, 0, sizeof joiner);
  memset(&sink, 0, sizeof sink);
  sink.exact = 1;
  joiner.write = collect;
  joiner.context = &sink;
  joiner.join_udp = (int)chance(2);
  joiner.verify = (int)chance(2);
  int tcp = chance(4) != 0;
  uint32_t step = 200 + chance(1300), payload = 1 + chance(step * 43 < 65000 ? step * 43 : 65000);
  uint32_t size = make_super(super, tcp, payload), header = size - payload;
  struct virtio_net_hdr vnet = {.gso_type = tcp ? VIRTIO_NET_HDR_GSO_TCPV4
      : VIRTIO_NET_HDR_GSO_UDP_L4, .gso_size = (uint16_t)step};
  struct ipv4_packet packet;
  CHECK(parse_ipv4(super, size, &packet) == 0);
  CHECK(cut_segments(&vnet, &packet, &cut) == 0);
  uint32_t total = 0, largest = 0, at = 0;
  for (int n = 0; n < cut.count; n++) {
    uint8_t *start = wire + at;
    for (int part = 2 * n; part < 2 * n + 2; part++) {
      memcpy(wire + at, cut.iov[part].iov_base, cut.iov[part].iov_len);
      at += (uint32_t)cut.iov[part].iov_len;
    }
    uint32_t bytes = (uint32_t)(wire + at - start);
    if (bytes > largest) largest = bytes;
    CHECK(n + 1 == cut.count || bytes == cut.segment_size);
    check_packet(start, bytes);
    total += bytes;
    struct ipv4_packet one;
    CHECK(parse_ipv4(start, bytes, &one) == 0);
    join_packet(&joiner, &one);
  }
  join_flush(&joiner);
  CHECK(total == cut.total && largest == cut.segment_size);
  CHECK(sink.used == payload && !memcmp(sink.data, super + header, payload));
  if (tcp && cut.count > 1 && cut.count <= MAX_SEGMENTS && header == 40)
    CHECK(sink.supers >= 1 && sink.packets == 1);
}

/* Valid packets with random damage, and random bytes: no access is out of bounds. */
static void test_damaged_packets(void) {
  static uint8_t buffer[1 << 17];
  static struct segments cut;
  static struct sink sink;
  static struct joiner joiner;
  memset(&joiner, 0, sizeof joiner);
  memset(&sink, 0, sizeof sink);
  joiner.write = collect;
  joiner.context = &sink;
  joiner.join_udp = 1;
  joiner.verify = (int)chance(2);
  uint32_t at = 0;
  for (int n = 0; n < 40 && at + 3000 < sizeof buffer; n++) {
    uint32_t size = chance(8) ? make_super(buffer + at, (int)chance(2), chance(1400)) : chance(200);
    for (uint32_t damage = chance(6); damage && size; damage--)
      buffer[at + chance(size < 64 ? size : 64)] = (uint8_t)chance(256);
    /* A copy of the exact size lets the sanitizer detect reads past the end. */
    uint8_t *exact = malloc(size ? size : 1);
    memcpy(exact, buffer + at, size);
    struct ipv4_packet packet;
    if (parse_ipv4(exact, size, &packet) == 0) {
      struct virtio_net_hdr vnet = {.flags = (uint8_t)chance(2),
          .gso_type = (uint8_t)(chance(2) ? VIRTIO_NET_HDR_GSO_TCPV4 : chance(256)),
          .gso_size = (uint16_t)chance(3000), .csum_start = (uint16_t)chance(100),
          .csum_offset = (uint16_t)chance(70000)};
      uint8_t out[128];
      cut_segments(&vnet, &packet, &cut);
      CHECK(build_unreachable(&packet, 1, 0, 0, out, sizeof out) <= sizeof out);
      finish_checksum(&vnet, exact, packet.size);
      decrement_ttl(exact);
    }
    free(exact);
    if (parse_ipv4(buffer + at, size, &packet) == 0) join_packet(&joiner, &packet);
    at += size;
  }
  join_flush(&joiner);
}

struct options options;

static uint32_t mask_of(int length) { return length ? 0xffffffffu << (32 - length) : 0; }

/* The longest prefix by a linear search; of equal prefixes the last. */
static uint32_t slow_route(const struct route_list *list, uint32_t address) {
  uint32_t peer = 0;
  int best = -1;
  for (int n = 0; n < list->count; n++) {
    const struct route *r = &list->routes[n];
    if (r->length < options.network_length
        || (r->net & mask_of(options.network_length)) != options.network_ip)
      continue;
    if ((address & mask_of(r->length)) != r->net || r->length < best) continue;
    best = r->length;
    peer = r->peer;
  }
  return peer;
}

/* Random routes in and around a random network: lookups agree, and the printed routes parse to
   the same. */
static void test_routes(void) {
  options.network_length = 8 + (int)chance(17);
  options.network_ip = (chance(2) ? 0x0af40000u : 0xac100000u) & mask_of(options.network_length);
  struct route_list list = {0}, copy = {0};
  for (uint32_t many = chance(30); many; many--) {
    char words[64];
    uint32_t ip = chance(8)
        ? options.network_ip | (chance(0xffffffff) & ~mask_of(options.network_length))
        : chance(0xffffffff), peer = 1 + chance(0xfffffff0);
    int length = options.network_length + (int)chance(12);
    if (length > 28) length = 28;
    snprintf(words, sizeof words, "%u.%u.%u.%u/%d %u.%u.%u.%u", ip >> 24, ip >> 16 & 255,
        ip >> 8 & 255, ip & 255, length, peer >> 24, peer >> 16 & 255, peer >> 8 & 255, peer & 255);
    CHECK(!route_list_add(&list, words));
  }
  CHECK(routes_replace(list.routes, list.count) == 0);
  uint32_t asked[200], answers[200];
  for (int n = 0; n < 200; n++) {
    asked[n] = n % 4
        ? options.network_ip | (chance(0xffffffff) & ~mask_of(options.network_length))
        : chance(0xffffffff);
    answers[n] = route_of(asked[n]);
    CHECK(answers[n] == slow_route(&list, asked[n]));
  }
  char *text = NULL;
  size_t size;
  FILE *out = open_memstream(&text, &size);
  CHECK(out);
  routes_print(out);
  fclose(out);
  for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
    CHECK(!strncmp(line, "set ", 4));
    CHECK(!route_list_add(&copy, line + 4));
  }
  CHECK(routes_replace(copy.routes, copy.count) == 0);
  for (int n = 0; n < 200; n++) CHECK(route_of(asked[n]) == answers[n]);
  free(text);
  free(list.routes);
  free(copy.routes);
}

/* Malformed commands on the control socket. */
static void test_words(void) {
  static const char alphabet[] = "0123456789./ -x:";
  struct route_list list = {0};
  for (int n = 0; n < 50; n++) {
    size_t size = chance(60);
    char *words = malloc(size + 1);
    for (size_t at = 0; at < size; at++) words[at] = alphabet[chance(sizeof alphabet - 1)];
    words[size] = 0;
    const char *wrong = route_list_add(&list, words);
    CHECK(!wrong || !strncmp(wrong, "error ", 6));
    free(words);
  }
  free(list.routes);
}

int main(int argc, char **argv) {
  state = argc > 1 ? strtoull(argv[1], NULL, 10) * 2654435761u + 1 : 1;
  int rounds = argc > 2 ? atoi(argv[2]) : 1000;
  for (int n = 0; n < rounds; n++) {
    test_sums();
    test_round_trip();
    test_damaged_packets();
    test_words();
    if (n % 8 == 0) test_routes(); /* the route array may be large */
  }
  printf("ok %d\n", rounds);
  return 0;
}
