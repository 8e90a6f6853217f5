/* Peers by destination: an array indexed by subnet, replaced atomically. */
#include "tun.h"

enum { MAX_SLOTS = 1 << 20, MAX_ROUTES = 1 << 20 };

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static uint32_t *slots;
static int shift = 32;
static uint32_t slot_count;

static uint32_t mask(int length) { return length ? 0xffffffffu << (32 - length) : 0; }

int parse_ip(const char *text, uint32_t *out) {
  struct in_addr address;
  if (inet_pton(AF_INET, text, &address) != 1) return -1;
  *out = ntohl(address.s_addr);
  return 0;
}

int parse_net(const char *text, uint32_t *net, int *length) {
  char copy[32];
  snprintf(copy, sizeof copy, "%s", text);
  char *slash = strchr(copy, '/');
  if (!slash) return -1;
  *slash = 0;
  char *end;
  long n = strtol(slash + 1, &end, 10);
  if (*end || end == slash + 1 || n < 0 || n > 32 || parse_ip(copy, net)) return -1;
  *length = (int)n;
  *net &= mask(*length);
  return 0;
}

int routes_replace(const struct route *routes, int count) {
  int longest = options.network_length;
  for (int n = 0; n < count; n++) if (routes[n].length > longest) longest = routes[n].length;
  uint64_t size = 1ull << (longest - options.network_length);
  if (size > MAX_SLOTS) return -1;
  uint32_t *fresh = calloc(size, sizeof *fresh);
  if (!fresh) return -1;
  int bits = 32 - longest;
  /* Shorter prefixes first, so that longer prefixes overwrite them. */
  for (int length = 0; length <= longest; length++) {
    for (int n = 0; n < count; n++) {
      const struct route *r = &routes[n];
      if (r->length != length || length < options.network_length
          || (r->net & mask(options.network_length)) != options.network_ip)
        continue;
      uint64_t first = (uint64_t)(r->net - options.network_ip) >> bits,
          many = 1ull << (longest - length);
      for (uint64_t at = first; at < first + many && at < size; at++) fresh[at] = r->peer;
    }
  }
  pthread_rwlock_wrlock(&lock);
  uint32_t *old = slots;
  slots = fresh;
  slot_count = (uint32_t)size;
  shift = bits;
  pthread_rwlock_unlock(&lock);
  free(old);
  return 0;
}

uint32_t route_of(uint32_t address) {
  if ((address & mask(options.network_length)) != options.network_ip) return 0;
  uint32_t peer = 0;
  pthread_rwlock_rdlock(&lock);
  uint32_t at = shift == 32 ? 0 : (address - options.network_ip) >> shift;
  if (slots && at < slot_count) peer = slots[at];
  pthread_rwlock_unlock(&lock);
  return peer;
}

const char *route_list_add(struct route_list *list, char *words) {
  char *peer = strchr(words, ' ');
  struct route route;
  if (!peer) return "error set needs a network and an address";
  *peer++ = 0;
  if (parse_net(words, &route.net, &route.length) || parse_ip(peer, &route.peer))
    return "error not a network or address";
  if (list->count == MAX_ROUTES) return "error too many routes";
  if (list->count == list->room) {
    int room = list->room ? list->room * 2 : 64;
    struct route *bigger = realloc(list->routes, (size_t)room * sizeof *bigger);
    if (!bigger) return "error out of memory";
    list->routes = bigger;
    list->room = room;
  }
  list->routes[list->count++] = route;
  return NULL;
}

static void print_ip(char *out, uint32_t ip) {
  sprintf(out, "%u.%u.%u.%u", ip >> 24, (ip >> 16) & 255, (ip >> 8) & 255, ip & 255);
}

/* No lock: only the control thread replaces routes, and it also prints them. */
void routes_print(FILE *out) {
  char net[16], peer[16];
  for (uint32_t at = 0; at < slot_count; at++) {
    if (!slots[at]) continue;
    print_ip(net, options.network_ip + (shift == 32 ? 0 : at << shift));
    print_ip(peer, slots[at]);
    fprintf(out, "set %s/%d %s\n", net, 32 - shift, peer);
  }
}
