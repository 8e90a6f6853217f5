/* One thread for each direction: TUN to UDP, UDP to TUN. */
#include "tun.h"

enum {
  READ_ROOM = 66 * 1024,    /* one GSO packet and its header */
  ARENA = 8 * READ_ROOM,    /* small packets that are sent together */
  ICMP_PER_SECOND = 1000,
};

/* Set once, when a successor takes over. Each thread ends at a point where it holds no packet. */
static atomic_int ending;

/* ---- TUN to UDP ---- */

/* Packets of equal size to one peer that leave in one send. */
struct batch {
  uint32_t peer;
  uint32_t segment;
  uint32_t total;
  int count;
  int closed; /* a shorter packet is the last of a batch */
  struct iovec iov[MAX_SEGMENTS];
};

static int send_once(uint32_t peer, struct iovec *iov, int count, uint32_t segment) {
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(options.port),
      .sin_addr.s_addr = htonl(peer)};
  union {
    char room[CMSG_SPACE(sizeof(uint16_t))];
    struct cmsghdr align;
  } control = {0};
  struct msghdr message = {.msg_name = &to, .msg_namelen = sizeof to, .msg_iov = iov,
      .msg_iovlen = (size_t)count};
  if (segment) {
    message.msg_control = control.room;
    message.msg_controllen = sizeof control.room;
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = IPPROTO_UDP;
    header->cmsg_type = UDP_SEGMENT;
    header->cmsg_len = CMSG_LEN(sizeof(uint16_t));
    uint16_t size = (uint16_t)segment;
    memcpy(CMSG_DATA(header), &size, sizeof size);
  }
  for (;;) {
    if (sendmsg(udp_fd, &message, 0) >= 0) {
      COUNT(tx_sends, 1);
      return 0;
    }
    if (errno == EINTR) continue;
    if (errno == EAGAIN || errno == ENOBUFS) {
      struct pollfd wait = {.fd = udp_fd, .events = POLLOUT};
      if (poll(&wait, 1, 100) != 0) continue;
    }
    return -1;
  }
}

/* Sends `packets` packets of `segment` bytes (the last may be shorter), given as `parts` pieces
   each. */
static void send_packets(uint32_t peer, struct iovec *iov, int parts, int packets,
    uint32_t segment, uint32_t total) {
  COUNT(tx_packets, (unsigned)packets);
  COUNT(tx_bytes, total);
  if (packets > 1 && features.segment) {
    if (send_once(peer, iov, parts * packets, segment) == 0) return;
    /* EIO: the device cannot checksum segments. EINVAL: larger than the path MTU. Send one by
       one. */
    if (errno == EIO) features.segment = 0;
  }
  for (int n = 0; n < packets; n++) {
    if (send_once(peer, iov + n * parts, parts, 0)) COUNT(tx_errors, 1);
  }
}

static void flush_batch(struct batch *batch) {
  if (batch->count)
    send_packets(batch->peer, batch->iov, 1, batch->count, batch->segment, batch->total);
  batch->count = 0;
  batch->total = 0;
  batch->closed = 0;
}

static void add_to_batch(struct batch *batch, uint32_t peer, uint8_t *data, uint32_t size) {
  if (batch->count && (batch->closed || batch->peer != peer || size > batch->segment
      || batch->count == MAX_SEGMENTS || batch->total + size > MAX_SEND))
    flush_batch(batch);
  if (!batch->count) {
    batch->peer = peer;
    batch->segment = size;
  }
  batch->iov[batch->count++] = (struct iovec){data, size};
  batch->total += size;
  batch->closed = size < batch->segment;
  if (!features.segment) flush_batch(batch);
}

static void send_segments(uint32_t peer, struct segments *cut) {
  int per_send = (int)(MAX_SEND / cut->segment_size);
  if (per_send > MAX_SEGMENTS) per_send = MAX_SEGMENTS;
  for (int from = 0; from < cut->count; from += per_send) {
    int many = cut->count - from < per_send ? cut->count - from : per_send;
    uint32_t total = 0;
    for (int n = 2 * from; n < 2 * (from + many); n++) total += (uint32_t)cut->iov[n].iov_len;
    send_packets(peer, cut->iov + 2 * from, 2, many, cut->segment_size, total);
  }
}

static void tell_sender(const struct ipv4_packet *packet, uint8_t code, uint16_t mtu) {
  static time_t second;
  static int sent;
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  if (now.tv_sec != second) {
    second = now.tv_sec;
    sent = 0;
  }
  if (++sent > ICMP_PER_SECOND) return;
  uint8_t buffer[sizeof(struct virtio_net_hdr) + 128] = {0};
  size_t lead = features.vnet ? sizeof(struct virtio_net_hdr) : 0;
  uint32_t size = build_unreachable(packet, options.tun_ip, code, mtu, buffer + lead,
      sizeof buffer - lead);
  if (size && write(tun_fd, buffer, lead + size) < 0) COUNT(rx_errors, 1);
}

/* Handles one packet from the TUN. `data` must stay valid until the batch is flushed. */
static void transmit(struct batch *batch, struct segments *cut,
    const struct virtio_net_hdr *vnet, uint8_t *data, size_t size) {
  struct ipv4_packet packet;
  if (parse_ipv4(data, size, &packet)) {
    COUNT(tx_dropped, 1); /* IPv6 and malformed packets */
    return;
  }
  uint32_t peer = route_of(packet.destination);
  if (!peer) {
    COUNT(tx_no_route, 1);
    tell_sender(&packet, 0, 0);
    return;
  }
  if (decrement_ttl(data)) {
    COUNT(ttl_exceeded, 1);
    return;
  }
  int is_gso = vnet->gso_type != VIRTIO_NET_HDR_GSO_NONE;
  int is_bad = is_gso && cut_segments(vnet, &packet, cut);
  int is_long = !is_bad && (is_gso ? cut->segment_size : packet.size) > options.mtu;
  if (is_long) tell_sender(&packet, 4, options.mtu);
  if (is_bad || is_long || (!is_gso && finish_checksum(vnet, data, packet.size))) {
    COUNT(tx_dropped, 1);
  } else if (is_gso) {
    flush_batch(batch);
    send_segments(peer, cut);
  } else {
    add_to_batch(batch, peer, data, packet.size);
  }
}

static void *tun_to_udp(void *unused) {
  (void)unused;
  static struct batch batch;
  static struct segments cut;
  static struct virtio_net_hdr none;
  uint8_t *arena = malloc(ARENA);
  if (!arena) die("malloc");
  size_t used = 0, lead = features.vnet ? sizeof(struct virtio_net_hdr) : 0;
  for (;;) {
    if (ARENA - used < READ_ROOM || !batch.count) {
      flush_batch(&batch);
      used = 0;
    }
    if (atomic_load_explicit(&ending, memory_order_relaxed)) {
      flush_batch(&batch);
      free(arena);
      return NULL;
    }
    ssize_t size = read(tun_fd, arena + used, READ_ROOM);
    if (size < 0 && errno == EAGAIN) {
      flush_batch(&batch);
      struct pollfd wait = {.fd = tun_fd, .events = POLLIN};
      poll(&wait, 1, -1);
      continue;
    }
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) die("read the TUN device");
    if ((size_t)size <= lead) continue;
    struct virtio_net_hdr header = none;
    if (lead) memcpy(&header, arena + used, sizeof header);
    transmit(&batch, &cut, &header, arena + used + lead, (size_t)size - lead);
    used = (used + (size_t)size + 63) & ~(size_t)63;
  }
}

/* ---- UDP to TUN ---- */

static void write_tun(void *context, const struct iovec *iov, int count) {
  (void)context;
  /* The first piece is the virtio header. */
  const struct iovec *from = features.vnet ? iov : iov + 1;
  int pieces = features.vnet ? count : count - 1;
  while (writev(tun_fd, from, pieces) < 0) {
    if (errno == EINTR) continue;
    if (errno == EAGAIN) {
      struct pollfd wait = {.fd = tun_fd, .events = POLLOUT};
      if (poll(&wait, 1, 100) != 0) continue;
    }
    COUNT(rx_errors, 1);
    return;
  }
  COUNT(rx_writes, 1);
}

/* Whether the inner source belongs to the subnet of `from`; `known` caches the last source
   accepted in this datagram. */
static int source_belongs_to(uint32_t source, uint32_t from, uint32_t *known) {
  if (!options.check_source || (source && source == *known)) return 1;
  if (route_of(source) != from) return 0;
  *known = source;
  return 1;
}

static void receive(struct joiner *joiner, uint8_t *data, size_t size, uint32_t from,
    uint32_t *known) {
  struct ipv4_packet packet;
  if (parse_ipv4(data, size, &packet)) {
    COUNT(rx_malformed, 1);
    return;
  }
  if (!source_belongs_to(packet.source, from, known)) {
    COUNT(rx_bad_source, 1);
    return;
  }
  if (decrement_ttl(data)) {
    COUNT(ttl_exceeded, 1);
    return;
  }
  COUNT(rx_packets, 1);
  COUNT(rx_bytes, packet.size);
  if (features.vnet && features.tso) {
    join_packet(joiner, &packet);
    return;
  }
  struct virtio_net_hdr vnet = {0};
  struct iovec iov[2] = {{&vnet, sizeof vnet}, {data, packet.size}};
  write_tun(NULL, iov, 2);
}

static void *udp_to_tun(void *unused) {
  (void)unused;
  static struct joiner joiner;
  joiner.write = write_tun;
  joiner.join_udp = features.uso;
  joiner.verify = 1;
  uint8_t *buffer = malloc(READ_ROOM);
  if (!buffer) die("malloc");
  while (!atomic_load_explicit(&ending, memory_order_relaxed)) {
    struct sockaddr_in from;
    union {
      char room[CMSG_SPACE(sizeof(int))];
      struct cmsghdr align;
    } control;
    struct iovec iov = {buffer, READ_ROOM};
    struct msghdr message = {.msg_name = &from, .msg_namelen = sizeof from, .msg_iov = &iov,
        .msg_iovlen = 1, .msg_control = control.room, .msg_controllen = sizeof control.room};
    ssize_t size = recvmsg(udp_fd, &message, 0);
    if (size < 0) {
      if (errno != EINTR) COUNT(rx_errors, 1); /* an ICMP error for an earlier send */
      continue;
    }
    COUNT(rx_receives, 1);
    size_t segment = (size_t)size;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header;
        header = CMSG_NXTHDR(&message, header)) {
      if (header->cmsg_level == IPPROTO_UDP && header->cmsg_type == UDP_GRO) {
        int value;
        memcpy(&value, CMSG_DATA(header), sizeof value);
        if (value > 0) segment = (size_t)value;
      }
    }
    uint32_t known = 0;
    for (size_t at = 0; at < (size_t)size; at += segment) {
      size_t left = (size_t)size - at;
      receive(&joiner, buffer + at, left < segment ? left : segment, ntohl(from.sin_addr.s_addr),
          &known);
    }
    join_flush(&joiner);
  }
  free(buffer);
  return NULL;
}

static pthread_t threads[2];

static void wake(int signal) { (void)signal; }

void start_data_threads(void) {
  /* The handler does nothing; the signal interrupts a blocking system call. */
  struct sigaction action = {.sa_handler = wake};
  sigaction(SIGUSR1, &action, NULL);
  if (pthread_create(&threads[0], NULL, tun_to_udp, NULL)
      || pthread_create(&threads[1], NULL, udp_to_tun, NULL))
    die("pthread_create");
}

void stop_data_threads(void) {
  atomic_store(&ending, 1);
  for (int n = 0; n < 2; n++) {
    struct timespec until;
    do {
      pthread_kill(threads[n], SIGUSR1);
      clock_gettime(CLOCK_REALTIME, &until);
      until.tv_nsec += 5000000;
      if (until.tv_nsec >= 1000000000) {
        until.tv_nsec -= 1000000000;
        until.tv_sec++;
      }
    } while (pthread_timedjoin_np(threads[n], NULL, &until) == ETIMEDOUT);
  }
}
