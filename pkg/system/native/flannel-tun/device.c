/* Opens the TUN device and the socket, and probes the features of the kernel. */
#include "tun.h"

#ifndef TUN_F_USO4
#define TUN_F_USO4 0x20
#define TUN_F_USO6 0x40
#endif

enum { SOCKET_BUFFER = 4 << 20 };

int tun_fd = -1, udp_fd = -1;
struct features features;

static int attach(int flags) {
  struct ifreq request = {0};
  snprintf(request.ifr_name, sizeof request.ifr_name, "%s", options.dev);
  request.ifr_flags = (short)flags;
  return ioctl(tun_fd, TUNSETIFF, &request);
}

void open_tun(void) {
  tun_fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
  if (tun_fd < 0) die("open /dev/net/tun");
  if (!options.simple && attach(IFF_TUN | IFF_NO_PI | IFF_VNET_HDR) == 0) {
    int size = sizeof(struct virtio_net_hdr);
    if (ioctl(tun_fd, TUNSETVNETHDRSZ, &size)) die("TUNSETVNETHDRSZ");
    features.vnet = 1;
    unsigned base = TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6 | TUN_F_TSO_ECN;
    if (ioctl(tun_fd, TUNSETOFFLOAD, base | TUN_F_USO4 | TUN_F_USO6) == 0)
      features.tso = features.uso = 1;
    else if (ioctl(tun_fd, TUNSETOFFLOAD, base) == 0) features.tso = 1;
  } else if (attach(IFF_TUN | IFF_NO_PI)) {
    die("TUNSETIFF");
  }
}

static void buffer_size(int option, int forced) {
  int size = SOCKET_BUFFER;
  if (setsockopt(udp_fd, SOL_SOCKET, forced, &size, sizeof size))
    setsockopt(udp_fd, SOL_SOCKET, option, &size, sizeof size);
}

void open_udp(void) {
  udp_fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (udp_fd < 0) die("socket");
  buffer_size(SO_RCVBUF, SO_RCVBUFFORCE);
  buffer_size(SO_SNDBUF, SO_SNDBUFFORCE);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(options.port),
      .sin_addr.s_addr = htonl(options.local_ip)};
  if (bind(udp_fd, (struct sockaddr *)&address, sizeof address)) die("bind the UDP socket");
  if (options.simple) return;
  int zero = 0, one = 1;
  /* Setting the option to 0 probes whether the kernel supports it; sends carry the size
     themselves. */
  features.segment = setsockopt(udp_fd, IPPROTO_UDP, UDP_SEGMENT, &zero, sizeof zero) == 0;
  features.gro = setsockopt(udp_fd, IPPROTO_UDP, UDP_GRO, &one, sizeof one) == 0;
}
