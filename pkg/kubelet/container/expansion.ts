// $(VAR) references in env values, command and args (upstream: third_party/forked/golang/expansion).
// $$ stands for one $, an unknown reference stays as it is. Pure.

export function expand(text: string, lookup: (name: string) => string | undefined): string {
  return text.replace(/\$(\$|\(([^)]*)\))/g, (whole, inner: string, name: string | undefined) => {
    if (inner === '$') return '$';
    return lookup(name!) ?? whole;
  });
}
