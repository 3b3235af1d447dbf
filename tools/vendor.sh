#!/usr/bin/env bash
# Compile the component library in the portal's colours and put it, with font, licences and digests, in
# portal/static/vendor; the letters' and forms' fonts in portal/documents/fonts. Run rarely, result committed: no
# Node at run time or for tests.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
out="$here/../portal/static/vendor"
fonts="$here/../portal/documents/fonts"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --no-audit --no-fund govuk-frontend@6 sass@1 @fontsource-variable/inter@5 spdx-license-list@6 dejavu-fonts-ttf@2
cp "$here/theme.scss" .
npx sass --no-source-map --style=compressed --quiet-deps --load-path=node_modules theme.scss govuk.css
rm -rf "$out" && mkdir -p "$out"
cp govuk.css "$out/govuk.css"
cp node_modules/govuk-frontend/dist/govuk/govuk-frontend.min.js "$out/govuk.js"
sed -i 's,//# sourceMappingURL=.*,,' "$out/govuk.js"
cp node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2 "$out/inter.woff2"
cp node_modules/@fontsource-variable/inter/LICENSE "$out/inter.LICENSE.txt"
{ echo "GOV.UK Frontend $(node -p 'require("govuk-frontend/package.json").version'), MIT, Crown copyright."
  node -e 'process.stdout.write(require("spdx-license-list/full")["MIT"].licenseText)'; } > "$out/govuk.LICENSE.txt"
(cd "$out" && sha256sum govuk.css govuk.js inter.woff2 > SHA256SUMS)
mkdir -p "$fonts"
cp node_modules/dejavu-fonts-ttf/ttf/DejaVuSansCondensed{,-Bold}.ttf "$fonts"
cp node_modules/dejavu-fonts-ttf/LICENSE "$fonts/LICENSE.txt"
(cd "$fonts" && sha256sum ./*.ttf > SHA256SUMS)
