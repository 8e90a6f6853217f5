// $(VAR) references in env values, command and args (upstream:
// third_party/forked/golang/expansion). `$$` is an escaped `$`; a reference to an unknown variable
// stays unchanged. Pure.

export function expand(text: string, lookup: (name: string) => string | undefined): string {
  return text.replace(/\$(\$|\(([^)]*)\))/g, (whole, inner: string, name: string | undefined) => {
    if (inner === '$') return '$';
    return lookup(name!) ?? whole;
  });
}
