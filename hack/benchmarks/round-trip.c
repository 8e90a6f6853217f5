/* Round trips of one UDP packet at a time. 'serve' echoes packets on port 7001; 'ask IP COUNT SIZE'
 * sends COUNT packets of SIZE bytes, each after the reply to the one before, and prints the
 * nanoseconds of each. A lost packet ends the run. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>

enum { PORT = 7001, WARM_UP = 200, ROOM = 2048 };

static long long now(void) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return at.tv_sec * 1000000000ll + at.tv_nsec;
}

static int serve(int fd) {
  struct sockaddr_in own = {.sin_family = AF_INET, .sin_port = htons(PORT)}, from;
  if (bind(fd, (struct sockaddr *)&own, sizeof own)) return 1;
  puts("ready");
  fflush(stdout);
  for (char buffer[ROOM];;) {
    socklen_t length = sizeof from;
    ssize_t size = recvfrom(fd, buffer, sizeof buffer, 0, (struct sockaddr *)&from, &length);
    if (size < 0 || sendto(fd, buffer, (size_t)size, 0, (struct sockaddr *)&from, length) != size) return 1;
  }
}

static int ask(int fd, const char *ip, int count, size_t size) {
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(PORT)};
  struct timeval patience = {.tv_sec = 2};
  char buffer[ROOM] = {0};
  if (size > sizeof buffer || inet_pton(AF_INET, ip, &to.sin_addr) != 1 || connect(fd, (struct sockaddr *)&to, sizeof to)) return 1;
  if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience)) return 1;
  for (int n = -WARM_UP; n < count; n++) {
    long long from = now();
    if (send(fd, buffer, size, 0) != (ssize_t)size || recv(fd, buffer, sizeof buffer, 0) != (ssize_t)size) return 1;
    if (n >= 0) printf("%lld\n", now() - from);
  }
  return 0;
}

int main(int argc, char **argv) {
  int fd = socket(AF_INET, SOCK_DGRAM, 0);
  if (fd < 0) return 1;
  if (argc == 2 && !strcmp(argv[1], "serve")) return serve(fd);
  if (argc == 5 && !strcmp(argv[1], "ask")) return ask(fd, argv[2], atoi(argv[3]), (size_t)atoi(argv[4]));
  return 2;
}
