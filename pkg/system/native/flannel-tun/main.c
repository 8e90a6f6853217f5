/* flannel-tun carries packets between a TUN device and UDP for flanneld's udp backend, in
   flannel's wire format: one bare IPv4 packet per datagram. It is a separate process, so that it
   outlives flanneld. flanneld sets the addresses and routes of the host. */
#include "tun.h"

struct options options = {.dev = "flannel0", .mode = "auto", .port = 8285, .mtu = 1472,
    .check_source = 1};
struct stats stats;

void die(const char *what) {
  fprintf(stderr, "flannel-tun: %s: %s\n", what, strerror(errno));
  exit(1);
}

static void usage(const char *wrong) {
  FILE *to = wrong ? stderr : stdout;
  if (wrong) fprintf(to, "flannel-tun: %s\n", wrong);
  fputs("usage: flannel-tun --local=IP --network=CIDR --subnet=CIDR --socket=PATH\n"
        "                   [--dev=flannel0] [--mtu=1472] [--port=8285] [--mode=auto|simple]\n"
        "                   [--check-source=1|0]\n"
        "                   [--take-over=1] [--version]\n", to);
  exit(wrong ? 2 : 0);
}

static void parse(int argc, char **argv) {
  static const struct option known[] = {
      {"dev", 1, 0, 'd'},          {"mtu", 1, 0, 'm'},       {"local", 1, 0, 'l'},
      {"port", 1, 0, 'p'},         {"network", 1, 0, 'n'},   {"subnet", 1, 0, 's'},
      {"mode", 1, 0, 'o'},         {"socket", 1, 0, 'c'},    {"check-source", 1, 0, 'k'},
      {"take-over", 1, 0, 't'},    {"version", 0, 0, 'v'},   {"help", 0, 0, 'h'},
      {0, 0, 0, 0}};
  for (int option; (option = getopt_long(argc, argv, "", known, NULL)) != -1;) {
    switch (option) {
      case 'd': options.dev = optarg; break;
      case 'm': options.mtu = (uint16_t)atoi(optarg); break;
      case 'l': options.local = optarg; break;
      case 'p': options.port = (uint16_t)atoi(optarg); break;
      case 'n': options.network = optarg; break;
      case 's': options.subnet = optarg; break;
      case 'o': options.mode = optarg; break;
      case 'c': options.socket = optarg; break;
      case 'k': options.check_source = atoi(optarg); break;
      case 't': options.take_over = atoi(optarg); break;
      case 'v': puts("flannel-tun " FLANNEL_TUN_VERSION " build=" FLANNEL_TUN_BUILD); exit(0);
      case 'h': usage(NULL); break;
      default: usage("unknown flag");
    }
  }
  int subnet_length;
  if (!options.local || parse_ip(options.local, &options.local_ip))
    usage("--local must be an IPv4 address");
  if (!options.network || parse_net(options.network, &options.network_ip,
      &options.network_length))
    usage("--network must be a CIDR");
  if (!options.subnet || parse_net(options.subnet, &options.tun_ip, &subnet_length))
    usage("--subnet must be a CIDR");
  if (!options.socket) usage("--socket is required");
  if (options.mtu < 68) usage("--mtu is too small");
  if (strcmp(options.mode, "auto") && strcmp(options.mode, "simple"))
    usage("--mode must be auto or simple");
  options.simple = !strcmp(options.mode, "simple");
}

int main(int argc, char **argv) {
  parse(argc, argv);
  signal(SIGPIPE, SIG_IGN);
  signal(SIGHUP, SIG_IGN);
  int listener = -1;
  if (options.take_over) {
    if (take_over(options.socket, &listener)) return 1;
  } else {
    open_udp();
    open_tun();
    start_data_threads();
  }
  serve_control(options.socket, listener);
  return 0;
}
