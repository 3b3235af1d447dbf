#!/usr/bin/env bash
# System parts the tests use. Installed only as root in CI, or with PORTAL_TEST_INSTALL=1; never by sudo.
# Without them the tests that need one are skipped with a line that says what to install.
set -euo pipefail
wanted=()
command -v chromium >/dev/null || wanted+=(chromium)
[ -x /usr/sbin/clamd ] || command -v clamd >/dev/null || wanted+=(clamav-daemon)
compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || wanted+=(postgresql)
command -v npm >/dev/null || wanted+=(nodejs npm)
if [ ${#wanted[@]} -eq 0 ]; then
  :
elif [ "$(id -u)" = 0 ] && { [ "${CI:-}" = true ] || [ "${PORTAL_TEST_INSTALL:-}" = 1 ]; }; then
  echo "Installing what the tests need: ${wanted[*]}."
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${wanted[@]}" >/dev/null
else
  echo "Some tests need more: apt-get install ${wanted[*]} (or PORTAL_TEST_INSTALL=1 make test, as root)."
fi
# The provider that signing in by the government is tried against: pinned by hash, installed in the tests' own folder.
provider="$(dirname "$0")/real/oidc"
if command -v npm >/dev/null && [ "$provider/package-lock.json" -nt "$provider/node_modules" ]; then
  npm ci --prefix "$provider" --silent --no-audit --no-fund --ignore-scripts && touch "$provider/node_modules" ||
    echo "Some tests need more: npm ci --prefix tests/real/oidc."
fi
