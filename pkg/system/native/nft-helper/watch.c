// "nft-helper watch" reports changes of nftables tables and their authors, without the copy of all
// tables that `nft monitor` keeps. The first line is "ready"; then one line per transaction:
//   "gen <pid> <family>:<table> ..."   family as a number (2 ip, 10 ip6); "*" for too many tables
//   "lost"                             events were dropped: anything may have changed
// With a listener, the kernel writes a message of 8 KB for every element of every transaction in
// any namespace and keeps them until the commit, which takes longer than the elements themselves.
// Therefore a byte on standard input controls listening:
//   'q'  "quiet <generation>"      the count just before listening stopped
//   'l'  "listening <generation>"  the count just after listening resumed; the
//                                  difference shows the transactions in between
// It ends when its standard input ends.
#include "watch.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_TABLES 32
#define MAX_NAME 128
// The kernel sends all messages of a load of 100,000 elements at once, after its commit.
#define RECEIVE_BUFFER (64 << 20)

struct mention {
  uint8_t family;
  char name[MAX_NAME];
};

static struct mention mentions[MAX_TABLES];
static size_t count;
static bool overflow;

static void mention(uint8_t family, const char *name, size_t size) {
  bool fits = size > 0 && size <= MAX_NAME && name[size - 1] == 0;
  // Nearly always the table of the previous message.
  for (size_t n = count; fits && n-- > 0;)
    if (mentions[n].family == family && strcmp(mentions[n].name, name) == 0) return;
  if (!fits || count == MAX_TABLES) {
    overflow = true;
    return;
  }
  mentions[count].family = family;
  memcpy(mentions[count].name, name, size);
  count++;
}

static void generation(uint32_t pid) {
  printf("gen %u", pid);
  if (overflow) fputs(" *", stdout);
  else
    for (size_t n = 0; n < count; n++) printf(" %u:%s", mentions[n].family, mentions[n].name);
  putchar('\n');
  count = 0;
  overflow = false;
}

static void message(const struct nlmsghdr *header) {
  if (header->nlmsg_type >> 8 != NFNL_SUBSYS_NFTABLES) return;
  if (header->nlmsg_len < NLMSG_SPACE(sizeof(struct nfgenmsg))) return;
  const struct nfgenmsg *about = NLMSG_DATA(header);
  bool isGeneration = (header->nlmsg_type & 0xff) == NFT_MSG_NEWGEN;
  const char *at = (const char *)about + NLMSG_ALIGN(sizeof *about);
  size_t left = header->nlmsg_len - NLMSG_SPACE(sizeof(struct nfgenmsg));
  uint32_t pid = 0;
  while (left >= sizeof(struct nlattr)) {
    const struct nlattr *attribute = (const struct nlattr *)at;
    if (attribute->nla_len < NLA_HDRLEN || attribute->nla_len > left) break;
    const char *value = at + NLA_HDRLEN;
    size_t size = attribute->nla_len - NLA_HDRLEN;
    int type = attribute->nla_type & NLA_TYPE_MASK;
    if (isGeneration && type == NFTA_GEN_PROC_PID && size == 4) {
      uint32_t raw;
      memcpy(&raw, value, 4);
      pid = ntohl(raw);
    }
    // The first attribute of every other message is the name of the table: NFTA_TABLE_NAME,
    // NFTA_CHAIN_TABLE, ...
    if (!isGeneration && type == NFTA_TABLE_NAME) {
      mention(about->nfgen_family, value, size);
      break;
    }
    size_t step = NLA_ALIGN(attribute->nla_len);
    if (step >= left) break;
    at += step;
    left -= step;
  }
  if (isGeneration) generation(pid);
}

static int receive(int fd) {
  static char buffer[1 << 20] __attribute__((aligned(NLMSG_ALIGNTO)));
  for (;;) {
    ssize_t size = recv(fd, buffer, sizeof buffer, MSG_DONTWAIT);
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) return 0;
    if (size < 0 && errno == ENOBUFS) {
      puts("lost");
      count = 0;
      overflow = true;
      continue;
    }
    if (size <= 0) return -1;
    size_t left = (size_t)size;
    for (const struct nlmsghdr *header = (const struct nlmsghdr *)buffer; left >= sizeof *header
        && header->nlmsg_len >= sizeof *header && header->nlmsg_len <= left;) {
      message(header);
      size_t step = NLMSG_ALIGN(header->nlmsg_len);
      if (step >= left) break;
      left -= step;
      header = (const struct nlmsghdr *)((const char *)header + step);
    }
    if (fflush(stdout)) return -1;
  }
}

// The number of the last transaction; -1 when the kernel does not report it.
static int ask_generation(uint32_t *out) {
  struct {
    struct nlmsghdr header;
    struct nfgenmsg about;
  } request = {.header = {.nlmsg_len = sizeof request,
      .nlmsg_type = NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETGEN, .nlmsg_flags = NLM_F_REQUEST},
    .about = {.version = NFNETLINK_V0}};
  char answer[512] __attribute__((aligned(NLMSG_ALIGNTO)));
  int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
  ssize_t size = fd < 0 || send(fd, &request, sizeof request, 0) < 0 ? -1
      : recv(fd, answer, sizeof answer, 0);
  if (fd >= 0) close(fd);
  const struct nlmsghdr *header = (const struct nlmsghdr *)answer;
  const struct nlattr *id = (const struct nlattr *)(answer + NLMSG_SPACE(sizeof(struct nfgenmsg)));
  // The first attribute is NFTA_GEN_ID.
  if (size < (ssize_t)(NLMSG_SPACE(sizeof(struct nfgenmsg)) + NLA_HDRLEN + sizeof *out)
      || (header->nlmsg_type & 0xff) != NFT_MSG_NEWGEN || id->nla_type != NFTA_GEN_ID)
    return -1;
  memcpy(out, (const char *)id + NLA_HDRLEN, sizeof *out);
  *out = ntohl(*out);
  return 0;
}

static int obey(int fd, char command) {
  int group = NFNLGRP_NFTABLES;
  uint32_t generation;
  switch (command) {
    case 'q':
      if (ask_generation(&generation) || setsockopt(fd, SOL_NETLINK, NETLINK_DROP_MEMBERSHIP,
          &group, sizeof group))
        return -1;
      printf("quiet %u\n", generation);
      break;
    case 'l':
      if (setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof group)
          || ask_generation(&generation))
        return -1;
      printf("listening %u\n", generation);
      break;
    default:
      return -1;
  }
  return fflush(stdout) ? -1 : 0;
}

int watch(void) {
  int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
  if (fd < 0) return 1;
  int size = RECEIVE_BUFFER, group = NFNLGRP_NFTABLES;
  setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
  struct sockaddr_nl own = {.nl_family = AF_NETLINK};
  if (bind(fd, (struct sockaddr *)&own, sizeof own)) return 1;
  if (setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof group)) return 1;
  puts("ready");
  if (fflush(stdout)) return 1;
  struct pollfd polls[] = {{.fd = fd, .events = POLLIN}, {.fd = STDIN_FILENO, .events = POLLIN}};
  for (;;) {
    if (poll(polls, 2, -1) < 0 && errno != EINTR) return 1;
    if (polls[1].revents) {
      char command;
      if (read(STDIN_FILENO, &command, 1) <= 0) return 0;
      if (obey(fd, command)) return 1;
    }
    if (polls[0].revents && receive(fd)) return 1;
  }
}
