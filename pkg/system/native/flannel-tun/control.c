/* Answers the commands of flanneld, text lines over a unix socket. The client is
   pkg/flannel/backend/tun-control.ts. */
#include "tun.h"

enum { MAX_CLIENTS = 8, MAX_LINE = 256, MAX_ANSWER = 1024 };

struct client {
  int fd;
  size_t used;
  int successor; /* this client received our descriptors */
  char line[MAX_LINE];
  struct route_list list; /* the routes between begin and commit */
};

static struct client clients[MAX_CLIENTS];
static int listener;
static int stopping, handed_over;

void print_hello(char *out, size_t room) {
  snprintf(out, room,
           "flannel-tun " FLANNEL_TUN_VERSION " pid=%d build=" FLANNEL_TUN_BUILD
           " dev=%s mtu=%u local=%s port=%u network=%s subnet=%s mode=%s"
           " vnet=%d tso=%d uso=%d segment=%d gro=%d",
           getpid(), options.dev, options.mtu, options.local, options.port, options.network,
           options.subnet, options.mode, features.vnet, features.tso, features.uso,
           features.segment, features.gro);
}

static void print_stats(char *out) {
  size_t at = (size_t)snprintf(out, MAX_ANSWER, "stats");
#define ONE(field) \
  at += (size_t)snprintf(out + at, MAX_ANSWER - at, " " #field "=%llu", atomic_load(&stats.field));
  EACH_COUNTER(ONE)
#undef ONE
}

/* One successor at a time: two would carry packets side by side for good. */
static int has_successor(void) {
  int found = handed_over;
  for (int n = 0; n < MAX_CLIENTS; n++) found |= clients[n].successor;
  return found;
}

static void obey(struct client *client, char *line) {
  char answer[MAX_ANSWER];
  const char *text = "ok";
  if (!strcmp(line, "hello")) {
    print_hello(answer, sizeof answer);
    text = answer;
  } else if (!strcmp(line, "begin")) {
    client->list.count = 0;
  } else if (!strncmp(line, "set ", 4)) {
    const char *wrong = route_list_add(&client->list, line + 4);
    if (wrong) text = wrong;
  } else if (!strcmp(line, "commit")) {
    if (routes_replace(client->list.routes, client->list.count))
      text = "error cannot hold these routes";
  } else if (!strcmp(line, "stats")) {
    print_stats(answer);
    text = answer;
  } else if (!strcmp(line, "stop")) {
    stopping = 1;
  } else if (!strcmp(line, "upgrade 1")) {
    client->successor = !has_successor() && give_over(client->fd, listener) == 0;
    if (!client->successor) shutdown(client->fd, SHUT_RDWR);
    return;
  } else if (!strcmp(line, "go") && client->successor) {
    stop_data_threads();
    print_stats(answer);
    text = answer;
    stopping = handed_over = 1;
  } else {
    text = "error unknown command";
  }
  char out[MAX_ANSWER + 1];
  int size = snprintf(out, sizeof out, "%s\n", text);
  if (send(client->fd, out, (size_t)size, MSG_NOSIGNAL) < 0) client->used = 0;
}

static void drop(struct client *client) {
  close(client->fd);
  free(client->list.routes);
  memset(client, 0, sizeof *client);
  client->fd = -1;
}

static void read_client(struct client *client) {
  char buffer[4096];
  ssize_t size = recv(client->fd, buffer, sizeof buffer, 0);
  if (size <= 0) {
    if (size < 0 && (errno == EINTR || errno == EAGAIN)) return;
    drop(client);
    return;
  }
  for (ssize_t n = 0; n < size; n++) {
    if (buffer[n] == '\n') {
      client->line[client->used] = 0;
      client->used = 0;
      obey(client, client->line);
    } else if (client->used < MAX_LINE - 1) {
      client->line[client->used++] = buffer[n];
    } else {
      drop(client);
      return;
    }
  }
}

static void accept_client(void) {
  int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
  if (fd < 0) return;
  for (int n = 0; n < MAX_CLIENTS; n++) {
    if (clients[n].fd >= 0) continue;
    clients[n].fd = fd;
    return;
  }
  close(fd);
}

static void listen_at(const char *path) {
  listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (listener < 0 || strlen(path) >= sizeof address.sun_path) die("control socket");
  memcpy(address.sun_path, path, strlen(path) + 1);
  unlink(path);
  mode_t before = umask(0177); /* only root may send commands */
  if (bind(listener, (struct sockaddr *)&address, sizeof address)
      || listen(listener, MAX_CLIENTS))
    die("listen on the control socket");
  umask(before);
}

void serve_control(const char *path, int inherited) {
  if (inherited >= 0) listener = inherited;
  else listen_at(path);
  for (int n = 0; n < MAX_CLIENTS; n++) clients[n].fd = -1;
  while (!stopping) {
    struct pollfd wait[MAX_CLIENTS + 1];
    wait[MAX_CLIENTS] = (struct pollfd){.fd = listener, .events = POLLIN};
    for (int n = 0; n < MAX_CLIENTS; n++)
      wait[n] = (struct pollfd){.fd = clients[n].fd, .events = POLLIN};
    if (poll(wait, MAX_CLIENTS + 1, -1) < 0) continue;
    for (int n = 0; n < MAX_CLIENTS; n++) if (wait[n].revents) read_client(&clients[n]);
    /* After "go" the successor accepts the clients. */
    if (wait[MAX_CLIENTS].revents && !stopping) accept_client();
  }
  if (!handed_over) unlink(path);
}
