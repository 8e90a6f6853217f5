# Questions about this machine, for scripts that source this file from the root of the checkout.

# Why the Node.js on the PATH does not do; empty when it does.
node_problem() {
  if ! command -v node >/dev/null; then
    echo "Node.js >= 20.19 is missing: https://nodejs.org"
  elif ! node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'; then
    echo "Node.js >= 20.19 is needed, this is $(node --version)"
  fi
}

# The Debian packages of these lists that are not installed.
missing_packages() {
  local installed package
  installed="$(dpkg-query -W -f '${Package} ${Status}\n' 2>/dev/null | awk '/install ok (installed|triggers)/ {print $1}')"
  while read -r package; do
    grep -qx "$package" <<<"$installed" || echo "$package"
  done < <(sed 's/#.*//; s/[[:space:]]//g; /^$/d' "$@")
}

# True when the npm modules are those of package-lock.json. The modules behind a link belong to
# another checkout, and npm ci would empty them.
modules_are_ready() {
  [ -L node_modules ] ||
    { [ -e node_modules/.package-lock.json ] && [ ! package-lock.json -nt node_modules/.package-lock.json ]; }
}
