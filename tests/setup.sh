#!/usr/bin/env bash
# System parts the tests use. Installed only as root in CI, or with PORTAL_TEST_INSTALL=1; never by sudo.
# Without them the tests that need one are skipped with a line that says what to install.
set -euo pipefail
command -v chromium >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && { [ "${CI:-}" = true ] || [ "${PORTAL_TEST_INSTALL:-}" = 1 ]; }; then
  echo "Installing chromium for the journeys in a browser."
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends chromium >/dev/null
else
  echo "The journeys in a browser need chromium: apt-get install chromium (or PORTAL_TEST_INSTALL=1 as root)."
fi
