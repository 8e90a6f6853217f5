// nft-helper: one process that runs many nftables transactions, so that a change takes a
// millisecond instead of starting a process. It reads frames from standard input and answers each
// in order:
//   in   "<bytes of the script>\n" and the script
//   out  "ok\n", or "error <bytes of the message>\n" and the message
// It ends at the end of input. With the argument 'watch' it reports changes instead, see watch.c.
// libnftables is loaded at run time, so that building needs no headers; exit code 3 means that it
// is not installed.
#include <dlfcn.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "watch.h"

#define MAX_SCRIPT (1u << 20)

struct nft_ctx;

static struct {
  struct nft_ctx *(*ctx_new)(uint32_t flags);
  int (*run)(struct nft_ctx *, const char *script);
  int (*buffer_output)(struct nft_ctx *);
  int (*buffer_error)(struct nft_ctx *);
  const char *(*error)(struct nft_ctx *);
} lib;

static int load(void) {
  void *handle = dlopen("libnftables.so.1", RTLD_NOW);
  if (!handle) return -1;
  struct {
    void **slot;
    const char *name;
  } symbols[] = {
      {(void **)&lib.ctx_new, "nft_ctx_new"},
      {(void **)&lib.run, "nft_run_cmd_from_buffer"},
      {(void **)&lib.buffer_output, "nft_ctx_buffer_output"},
      {(void **)&lib.buffer_error, "nft_ctx_buffer_error"},
      {(void **)&lib.error, "nft_ctx_get_error_buffer"},
  };
  for (size_t n = 0; n < sizeof symbols / sizeof *symbols; n++) {
    *symbols[n].slot = dlsym(handle, symbols[n].name);
    if (!*symbols[n].slot) return -1;
  }
  return 0;
}

int main(int argc, char **argv) {
  if (argc == 2 && strcmp(argv[1], "watch") == 0) return watch();
  if (load()) {
    fprintf(stderr, "nft-helper: %s\n", dlerror());
    return 3;
  }
  struct nft_ctx *ctx = lib.ctx_new(0);
  if (!ctx || lib.buffer_output(ctx) || lib.buffer_error(ctx)) return 1;
  char line[32];
  while (fgets(line, sizeof line, stdin)) {
    char *end;
    unsigned long size = strtoul(line, &end, 10);
    if (end == line || *end != '\n' || size > MAX_SCRIPT) return 2;
    char *script = malloc(size + 1);
    if (!script || fread(script, 1, size, stdin) != size) return 2;
    script[size] = 0;
    if (lib.run(ctx, script) == 0) {
      fputs("ok\n", stdout);
    } else {
      const char *message = lib.error(ctx);
      if (!message || !*message) message = strerror(errno);
      printf("error %zu\n%s", strlen(message), message);
    }
    free(script);
    if (fflush(stdout)) return 1;
  }
  return 0;
}
