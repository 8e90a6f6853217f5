/* netlink.node: an AF_NETLINK socket for Node. It moves bytes; pkg/system/netlink/socket encodes
 * and decodes them. Requests are answered synchronously (tens of microseconds, bounded by a receive
 * timeout); multicast messages arrive through libuv.
 *
 *   open(protocol, groups, netnsPath | undefined) -> socket
 *   transact(socket, request: Buffer, answers: number) -> Buffer   all messages up to so many ends
 *   watch(socket, callback(Buffer | undefined))                    undefined: messages were lost
 *   close(socket)
 *   ethtool(device, command, value | undefined) -> number         SIOCETHTOOL with an ethtool_value
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/netlink.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <node_api.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <uv.h>

enum { RECEIVE_BUFFER = 4 << 20, CHUNK = 256 * 1024, MAX_ANSWER = 256 << 20, TIMEOUT_SECONDS = 5 };

struct netlink_socket {
  int fd;
  napi_env env;
  napi_ref callback;
  napi_async_context context;
  uv_poll_t *poll;
};

static napi_value fail(napi_env env, const char *what, int error) {
  char text[160];
  snprintf(text, sizeof text, "%s: %s", what, strerror(error));
  napi_throw_error(env, NULL, text);
  return NULL;
}

/* A socket stays in the namespace in which it was created, whatever the thread does next. */
static int open_in(const char *path, int protocol) {
  if (!path) return socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
  int own = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC),
      other = open(path, O_RDONLY | O_CLOEXEC), fd = -1;
  if (own >= 0 && other >= 0 && setns(other, CLONE_NEWNET) == 0) {
    fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
    int error = errno;
    /* the process must not continue in the other namespace */
    if (setns(own, CLONE_NEWNET)) abort();
    errno = error;
  }
  int error = errno;
  if (own >= 0) close(own);
  if (other >= 0) close(other);
  errno = error;
  return fd;
}

static void free_poll(uv_handle_t *handle) { free(handle); }

static void release(struct netlink_socket *s) {
  if (s->poll) {
    uv_poll_stop(s->poll);
    uv_close((uv_handle_t *)s->poll, free_poll);
    s->poll = NULL;
  }
  if (s->callback) napi_delete_reference(s->env, s->callback);
  if (s->context) napi_async_destroy(s->env, s->context);
  s->callback = NULL;
  s->context = NULL;
  if (s->fd >= 0) close(s->fd);
  s->fd = -1;
}

static void finalize(napi_env env, void *data, void *hint) {
  (void)env;
  (void)hint;
  release(data);
  free(data);
}

static napi_value js_open(napi_env env, napi_callback_info info) {
  size_t count = 3;
  napi_value args[3];
  int32_t protocol = 0;
  uint32_t groups = 0;
  char path[512];
  size_t length = 0;
  napi_get_cb_info(env, info, &count, args, NULL, NULL);
  napi_get_value_int32(env, args[0], &protocol);
  napi_get_value_uint32(env, args[1], &groups);
  int in_netns = count > 2 && napi_get_value_string_utf8(env, args[2], path, sizeof path,
      &length) == napi_ok;
  int fd = open_in(in_netns ? path : NULL, protocol);
  if (fd < 0) return fail(env, "open a netlink socket", errno);
  int size = RECEIVE_BUFFER, one = 1;
  if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size))
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof one);
  setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &one, sizeof one);
  struct timeval timeout = {.tv_sec = TIMEOUT_SECONDS};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
  struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_groups = groups};
  struct netlink_socket *s = calloc(1, sizeof *s);
  if (!s || bind(fd, (struct sockaddr *)&address, sizeof address)) {
    int error = errno;
    close(fd);
    free(s);
    return fail(env, "bind a netlink socket", error);
  }
  s->fd = fd;
  s->env = env;
  napi_value result;
  napi_create_external(env, s, finalize, NULL, &result);
  return result;
}

static struct netlink_socket *socket_of(napi_env env, napi_value value) {
  void *data = NULL;
  if (napi_get_value_external(env, value, &data) != napi_ok || !data
      || ((struct netlink_socket *)data)->fd < 0) {
    napi_throw_error(env, NULL, "the netlink socket is closed");
    return NULL;
  }
  return data;
}

/* Counts the messages in `data` that end an answer: acknowledgements, errors, ends of dumps. */
static uint32_t count_ends(const uint8_t *data, size_t size) {
  uint32_t ends = 0;
  while (size >= sizeof(struct nlmsghdr)) {
    struct nlmsghdr header;
    memcpy(&header, data, sizeof header);
    size_t step = NLMSG_ALIGN(header.nlmsg_len);
    if (header.nlmsg_len < sizeof header || header.nlmsg_len > size) break;
    if (header.nlmsg_type == NLMSG_ERROR || header.nlmsg_type == NLMSG_DONE) ends++;
    if (step > size) break;
    data += step;
    size -= step;
  }
  return ends;
}

static napi_value js_transact(napi_env env, napi_callback_info info) {
  size_t count = 3, size;
  napi_value args[3];
  void *request;
  uint32_t answers = 1, ends = 0;
  napi_get_cb_info(env, info, &count, args, NULL, NULL);
  struct netlink_socket *s = socket_of(env, args[0]);
  if (!s) return NULL;
  if (napi_get_buffer_info(env, args[1], &request, &size) != napi_ok)
    return fail(env, "netlink request", EINVAL);
  napi_get_value_uint32(env, args[2], &answers);
  struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
  if (sendto(s->fd, request, size, 0, (struct sockaddr *)&kernel, sizeof kernel) < 0)
    return fail(env, "send to the kernel", errno);
  size_t used = 0, room = CHUNK;
  uint8_t *answer = malloc(room);
  while (answer && ends < answers) {
    if (room - used < CHUNK / 2) {
      uint8_t *bigger = room * 2 > MAX_ANSWER ? NULL : realloc(answer, room * 2);
      if (!bigger) break;
      answer = bigger;
      room *= 2;
    }
    ssize_t got = recv(s->fd, answer + used, room - used, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      int error = errno;
      free(answer);
      return fail(env, "receive from the kernel", error);
    }
    ends += count_ends(answer + used, (size_t)got);
    used += (size_t)got;
  }
  napi_value result = NULL;
  if (answer && ends >= answers) napi_create_buffer_copy(env, used, answer, NULL, &result);
  else fail(env, "hold the kernel's answer", ENOMEM);
  free(answer);
  return result;
}

static void deliver(struct netlink_socket *s, const void *data, size_t size) {
  napi_handle_scope scope;
  napi_value callback, receiver, argument;
  napi_open_handle_scope(s->env, &scope);
  napi_get_reference_value(s->env, s->callback, &callback);
  napi_get_global(s->env, &receiver);
  if (data) napi_create_buffer_copy(s->env, size, data, NULL, &argument);
  else napi_get_undefined(s->env, &argument);
  if (napi_make_callback(s->env, s->context, receiver, callback, 1, &argument,
      NULL) == napi_pending_exception) {
    napi_value error;
    napi_get_and_clear_last_exception(s->env, &error);
    napi_fatal_exception(s->env, error);
  }
  napi_close_handle_scope(s->env, scope);
}

static void on_readable(uv_poll_t *poll, int status, int events) {
  (void)status;
  (void)events;
  struct netlink_socket *s = poll->data;
  static uint8_t buffer[CHUNK];
  while (s->poll) {
    ssize_t got = recv(s->fd, buffer, sizeof buffer, MSG_DONTWAIT);
    if (got >= 0) deliver(s, buffer, (size_t)got);
    else if (errno == ENOBUFS) deliver(s, NULL, 0);
    else if (errno != EINTR) return;
  }
}

static napi_value js_watch(napi_env env, napi_callback_info info) {
  size_t count = 2;
  napi_value args[2], name;
  uv_loop_t *loop;
  napi_get_cb_info(env, info, &count, args, NULL, NULL);
  struct netlink_socket *s = socket_of(env, args[0]);
  if (!s) return NULL;
  if (s->poll) return fail(env, "watch", EALREADY);
  napi_get_uv_event_loop(env, &loop);
  uv_poll_t *poll = calloc(1, sizeof *poll);
  if (!poll || uv_poll_init(loop, poll, s->fd)) {
    free(poll);
    return fail(env, "watch", EINVAL);
  }
  napi_create_string_utf8(env, "netlink", NAPI_AUTO_LENGTH, &name);
  napi_create_reference(env, args[1], 1, &s->callback);
  napi_async_init(env, NULL, name, &s->context);
  poll->data = s;
  s->poll = poll;
  uv_unref((uv_handle_t *)poll); /* a watch alone does not keep the process alive */
  uv_poll_start(poll, UV_READABLE, on_readable);
  return NULL;
}

static napi_value js_close(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value args[1];
  void *data = NULL;
  napi_get_cb_info(env, info, &count, args, NULL, NULL);
  if (napi_get_value_external(env, args[0], &data) == napi_ok && data) release(data);
  return NULL;
}

static napi_value js_ethtool(napi_env env, napi_callback_info info) {
  size_t count = 3, length = 0;
  napi_value args[3], result;
  struct ethtool_value request = {0};
  struct ifreq interface = {.ifr_data = (void *)&request};
  napi_get_cb_info(env, info, &count, args, NULL, NULL);
  if (napi_get_value_string_utf8(env, args[0], interface.ifr_name, sizeof interface.ifr_name,
      &length) != napi_ok)
    return fail(env, "ethtool", EINVAL);
  napi_get_value_uint32(env, args[1], &request.cmd);
  if (count > 2) napi_get_value_uint32(env, args[2], &request.data);
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  int failed = fd < 0 || ioctl(fd, SIOCETHTOOL, &interface), error = errno;
  if (fd >= 0) close(fd);
  if (failed) return fail(env, "ethtool", error);
  napi_create_uint32(env, request.data, &result);
  return result;
}

NAPI_MODULE_INIT() {
  static const struct {
    const char *name;
    napi_callback callback;
  } functions[] = {{"open", js_open}, {"transact", js_transact}, {"watch", js_watch},
      {"close", js_close}, {"ethtool", js_ethtool}};
  for (size_t n = 0; n < sizeof functions / sizeof *functions; n++) {
    napi_value function;
    napi_create_function(env, functions[n].name, NAPI_AUTO_LENGTH, functions[n].callback, NULL,
        &function);
    napi_set_named_property(env, exports, functions[n].name, function);
  }
  return exports;
}
