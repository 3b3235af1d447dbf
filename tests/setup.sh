#!/usr/bin/env bash
# System parts the tests use. Installed only as root in CI, or with PORTAL_TEST_INSTALL=1; never by sudo.
# Without them the tests that need one are skipped with a line that says what to install.
set -euo pipefail
wanted=()
command -v chromium >/dev/null || wanted+=(chromium)
[ -x /usr/sbin/clamd ] || command -v clamd >/dev/null || wanted+=(clamav-daemon)
compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || wanted+=(postgresql)
[ ${#wanted[@]} -eq 0 ] && exit 0
if [ "$(id -u)" = 0 ] && { [ "${CI:-}" = true ] || [ "${PORTAL_TEST_INSTALL:-}" = 1 ]; }; then
  echo "Installing what the tests need: ${wanted[*]}."
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${wanted[@]}" >/dev/null
else
  echo "Some tests need more: apt-get install ${wanted[*]} (or PORTAL_TEST_INSTALL=1 make test, as root)."
fi
