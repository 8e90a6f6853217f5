/* A new flannel-tun takes over from a running one. It receives the TUN device, the UDP socket
   and the control listener as file descriptors, and routes and counters as text. Packets queued
   in the kernel stay queued, and one of the two processes reads at every moment, so no packet is
   lost.

     new: upgrade 1        old: one byte with three descriptors, its hello line,
                           "set NET IP" lines, "end"
     new starts to carry packets
     new: go               old stops carrying packets, sends its counters and ends */
#include "tun.h"

enum { FDS = 3, PATIENCE_SECONDS = 5, MAX_LINE = 1024 };

static void be_impatient(int fd) {
  struct timeval patience = {.tv_sec = PATIENCE_SECONDS};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
}

union fd_room {
  char room[CMSG_SPACE(FDS * sizeof(int))];
  struct cmsghdr align;
};

int give_over(int client, int listener) {
  int fds[FDS] = {tun_fd, udp_fd, listener};
  union fd_room control = {0};
  struct iovec iov = {"+", 1};
  struct msghdr message = {.msg_iov = &iov, .msg_iovlen = 1, .msg_control = control.room,
      .msg_controllen = sizeof control.room};
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof fds);
  memcpy(CMSG_DATA(header), fds, sizeof fds);
  be_impatient(client);
  if (sendmsg(client, &message, MSG_NOSIGNAL) != 1) return -1;
  int copy = dup(client);
  FILE *out = copy < 0 ? NULL : fdopen(copy, "w");
  if (!out) {
    if (copy >= 0) close(copy);
    return -1;
  }
  char hello[MAX_LINE];
  print_hello(hello, sizeof hello);
  fprintf(out, "%s\n", hello);
  routes_print(out);
  fputs("end\n", out);
  int failed = fflush(out) || ferror(out);
  return fclose(out) || failed ? -1 : 0;
}

static int receive_fds(int fd, int fds[FDS]) {
  char byte;
  union fd_room control;
  struct iovec iov = {&byte, 1};
  struct msghdr message = {.msg_iov = &iov, .msg_iovlen = 1, .msg_control = control.room,
      .msg_controllen = sizeof control.room};
  if (recvmsg(fd, &message, MSG_CMSG_CLOEXEC) != 1 || byte != '+') return -1;
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  if (!header || header->cmsg_type != SCM_RIGHTS
      || header->cmsg_len != CMSG_LEN(FDS * sizeof(int)))
    return -1;
  memcpy(fds, CMSG_DATA(header), FDS * sizeof(int));
  return 0;
}

/* The number after " key="; 0 when the key is missing. */
static unsigned long long number(const char *line, const char *key) {
  char word[40];
  snprintf(word, sizeof word, " %s=", key);
  const char *at = strstr(line, word);
  return at ? strtoull(at + strlen(word), NULL, 10) : 0;
}

/* Compares the parameters that a running device cannot change. */
static int same_parameters(const char *theirs) {
  char ours[MAX_LINE];
  print_hello(ours, sizeof ours);
  const char *from = strstr(ours, " dev="), *to = strstr(ours, " vnet="),
      *other = strstr(theirs, " dev=");
  return from && to && other && !strncmp(from, other, (size_t)(to - from) + 1);
}

static int read_routes(FILE *in) {
  struct route_list list = {0};
  char line[MAX_LINE];
  while (fgets(line, sizeof line, in)) {
    line[strcspn(line, "\n")] = 0;
    if (!strcmp(line, "end")) {
      int failed = routes_replace(list.routes, list.count);
      free(list.routes);
      return failed;
    }
    if (strncmp(line, "set ", 4) || route_list_add(&list, line + 4)) break;
  }
  free(list.routes);
  return -1;
}

static int refuse(const char *why) {
  fprintf(stderr, "flannel-tun: cannot take over: %s\n", why);
  return -1;
}

int take_over(const char *path, int *listener) {
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), fds[FDS];
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (fd < 0 || strlen(path) >= sizeof address.sun_path) return refuse("no socket");
  memcpy(address.sun_path, path, strlen(path) + 1);
  be_impatient(fd);
  if (connect(fd, (struct sockaddr *)&address, sizeof address)) return refuse("no process listens");
  if (send(fd, "upgrade 1\n", 10, MSG_NOSIGNAL) != 10 || receive_fds(fd, fds))
    return refuse("the running process does not hand over");
  FILE *in = fdopen(fd, "r");
  char line[MAX_LINE];
  if (!in || !fgets(line, sizeof line, in)) return refuse("no hello");
  if (!same_parameters(line)) return refuse("it runs with other parameters");
  tun_fd = fds[0];
  udp_fd = fds[1];
  *listener = fds[2];
  features = (struct features){.vnet = (int)number(line, "vnet"),
      .tso = (int)number(line, "tso"), .uso = (int)number(line, "uso"),
      .segment = (int)number(line, "segment"), .gro = (int)number(line, "gro")};
  if (read_routes(in)) return refuse("no routes");
  start_data_threads();
  /* From here on this process carries packets. No answer means that the old process is gone,
     which is equally fine. */
  if (send(fd, "go\n", 3, MSG_NOSIGNAL) == 3 && fgets(line, sizeof line, in)) {
#define ONE(field) COUNT(field, number(line, #field));
    EACH_COUNTER(ONE)
#undef ONE
  }
  fclose(in);
  return 0;
}
