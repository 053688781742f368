#include "services/reporting/html_style.h"

#include "absl/strings/str_cat.h"
#include "services/reporting/html_text.h"

namespace samverk {

namespace {

// Colours have a contrast of at least 4.5:1 for text and 3:1 for shapes.
constexpr char kScreen[] = R"css(
:root {
  --ink: #1b2529; --soft: #4d5b61; --line: #c9d1d4; --paper: #ffffff;
  --ground: #f3f5f4; --brand: #0b4a5c; --link: #0a5a78;
  --cash: #17607a; --kind: #8a5a00; --warn: #8c1d18; --warn-ground: #fbf1ef;
  --note-ground: #fdf8ec; --note-line: #8a6a00;
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
body {
  margin: 0; color: var(--ink); background: var(--ground);
  font: 1.0625rem/1.55 "Source Sans 3", "Open Sans", "Segoe UI",
    "Helvetica Neue", Arial, "Liberation Sans", sans-serif;
}
a { color: var(--link); text-underline-offset: .15em; }
a:focus-visible, [tabindex]:focus-visible, summary:focus-visible {
  outline: 3px solid #b35900; outline-offset: 2px; border-radius: 2px;
}
.skip { position: absolute; left: -999rem; background: var(--paper);
  padding: .6rem 1rem; z-index: 2; }
.skip:focus { left: .5rem; top: .5rem; }
.page { max-width: 62rem; margin: 0 auto; background: var(--paper);
  padding: 2.5rem 3rem 4rem; }
header.front { border-top: .5rem solid var(--brand); padding-top: 1.5rem; }
.kicker { margin: 0; color: var(--soft); font-weight: 600; }
h1, h2, h3 { line-height: 1.25; text-wrap: balance; }
h1 { font-size: 2.1rem; margin: .2rem 0 1.4rem; color: var(--brand); }
h2 { font-size: 1.45rem; margin: 0 0 1rem; color: var(--brand); }
h3 { font-size: 1.1rem; margin: 1.8rem 0 .5rem; }
p { margin: .5rem 0; max-width: 46rem; }
dl.facts { display: grid; grid-template-columns: max-content 1fr;
  gap: .25rem 1.5rem; margin: 0 0 1.5rem; }
dl.facts dt { color: var(--soft); }
dl.facts dd { margin: 0; overflow-wrap: anywhere; }
.hash { font-family: ui-monospace, "DejaVu Sans Mono", "Liberation Mono",
  monospace; font-size: .82em; overflow-wrap: anywhere; }
section { margin-top: 3rem; padding-top: 1.5rem;
  border-top: 1px solid var(--line); }
.number { color: var(--soft); font-weight: 400; margin-right: .5rem; }
ul, ol { padding-left: 1.4rem; margin: .5rem 0; max-width: 46rem; }
li { margin: .35rem 0; }
li ul { margin: .1rem 0 .4rem; color: var(--soft); font-size: .97em; }
nav ol { list-style: none; padding: 0; margin: 0; }
nav li { display: flex; gap: .6rem; margin: .2rem 0; }
nav .count { margin-left: auto; color: var(--warn); white-space: nowrap; }
.summary { background: var(--warn-ground); border: 0;
  border-left: .35rem solid var(--warn); padding: 1.1rem 1.4rem;
  margin: 1.5rem 0; }
.summary h2 { color: var(--warn); font-size: 1.15rem; margin-bottom: .5rem; }
.summary ul { columns: 2 20rem; column-gap: 2rem; max-width: none;
  padding-left: 1.1rem; }
.summary li { break-inside: avoid; margin: .2rem 0; }
.none { background: #eef5f0; border-left-color: #2a6b45; }
.none h2 { color: #23593a; }
.checks, .missing { margin: 1.5rem 0 0; padding: .9rem 1.3rem; }
.checks { background: var(--warn-ground);
  border-left: .35rem solid var(--warn); }
.missing { background: var(--note-ground);
  border-left: .35rem solid var(--note-line); }
.checks.none { background: #eef5f0; border-left-color: #2a6b45; }
.checks h3, .missing h3 { margin: 0 0 .4rem; }
.checks ul, .missing ul { max-width: 50rem; }
.state { display: inline-block; font-size: .8em; font-weight: 600;
  border: 1px solid currentColor; border-radius: .7em; padding: 0 .55em;
  color: var(--soft); }
.state.open { color: var(--warn); }
.todo { color: var(--soft); }
.mark { font-size: .82em; font-style: italic; color: var(--soft);
  white-space: nowrap; }
.mark a { color: inherit; text-decoration-style: dotted; }
.marks h2 { font-size: 1.15rem; margin-bottom: .5rem; }
.marks { border: 0; margin-top: 1.5rem; padding-top: 0; }
.marks dl { margin: 0; }
.marks dl > div { display: grid; grid-template-columns: 11rem 1fr;
  gap: 0 1rem; align-items: baseline; padding: .15rem .3rem;
  max-width: 46rem; }
.marks dl > div:target { background: #fff3c4; }
.marks dd { margin: 0; }
.mark::before { content: "["; } .mark::after { content: "]"; }
.ref { font-size: .72em; line-height: 0; vertical-align: super;
  white-space: nowrap; }
.ref a { text-decoration: none; padding: 0 .1em; }
.ref a:hover { text-decoration: underline; }
.wide { margin: 1rem 0 1.5rem; overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; font-weight: 600; padding: .4rem 0; }
th, td { text-align: left; vertical-align: top; padding: .5rem .8rem .5rem 0;
  border-bottom: 1px solid var(--line); }
thead th { border-bottom: 2px solid var(--brand); vertical-align: bottom;
  font-size: .92em; }
tbody th { font-weight: 400; }
td:last-child, th:last-child { padding-right: 0; }
.right { text-align: right; font-variant-numeric: tabular-nums; }
.sum { white-space: nowrap; }
tr.apart th, tr.apart td { background: var(--ground); }
tr.apart th { padding-left: .8rem; }
tr.apart th::before { content: "– "; color: var(--soft); }
.lack { color: var(--warn); }
table.many { font-size: .92em; }
table.many th, table.many td { overflow-wrap: break-word; }
td .hash { display: inline-block; max-width: 11rem; }
figure { margin: 1.5rem 0; }
figcaption { font-weight: 600; margin-bottom: .5rem; }
svg.chart { display: block; width: 100%; height: auto; }
details { margin: .6rem 0; }
summary { cursor: pointer; color: var(--link); }
.sources td:first-child { white-space: nowrap; font-weight: 600; }
.sources tr:target > * { background: #fff3c4; }
.id { display: block; color: var(--soft); font-size: .78em; }
footer { margin-top: 3rem; padding-top: 1rem; color: var(--soft);
  border-top: 1px solid var(--line); font-size: .92em; }
)css";

constexpr char kCharts[] = R"css(
svg text { font-family: "Liberation Sans", Arial, "Helvetica Neue", Helvetica,
  sans-serif; fill: #1b2529; }
svg .heading { font-size: 20px; font-weight: 700; fill: #0b4a5c; }
svg .label { font-size: 20px; }
svg .sum { font-size: 20px; font-weight: 700; }
svg .small { font-size: 18px; fill: #3c4a50; }
svg .label-small { font-size: 18px; }
svg .note { font-size: 16px; fill: #3c4a50; }
svg .lack-note { font-size: 16px; fill: #8c1d18; }
svg .label-small, svg .note, svg .lack-note { paint-order: stroke; stroke: #f3f5f4;
  stroke-width: 5px; stroke-linejoin: round; }
svg .year-label { font-size: 26px; font-weight: 700; fill: #0b4a5c; }
svg .season { font-size: 16px; fill: #3c4a50; }
svg .bar-cash { fill: #17607a; stroke: #17607a; stroke-width: 2; }
svg .bar-cash-unsure { fill: #e4eff2; stroke: #17607a; stroke-width: 2; }
svg .bar-cash-unsure-stripe { fill: #17607a; }
svg .bar-kind { fill: #8a5a00; stroke: #8a5a00; stroke-width: 2; }
svg .bar-kind-unsure { fill: #f7eeda; stroke: #8a5a00; stroke-width: 2; }
svg .bar-kind-unsure-stripe { fill: #8a5a00; }
svg .year { fill: #f3f5f4; }
svg .year-other { fill: #e8eded; }
svg .tick { stroke: #6b7a80; stroke-width: 1.5; }
svg .track-line { stroke: #c9d1d4; stroke-width: 1.5; }
svg .period { fill: #b35900; }
svg .as-of { stroke: #8c1d18; stroke-width: 2.5; }
svg .span, svg .point { fill: #17607a; }
svg .vague { stroke: #4f7f5f; stroke-width: 2.5; stroke-dasharray: 3 4; }
svg .vague-end { stroke: #4f7f5f; stroke-width: 2.5; }
svg .span-phase { fill: #0b4a5c; }
svg .span-shift { fill: #5b4a8a; }
svg .span-activity { fill: #4f7f5f; }
svg .span-plan { fill: #ffffff; stroke: #4d5b61; stroke-width: 1.5; }
svg .span-plan-stripe { fill: #7f8d92; }
svg .point-plan { fill: #ffffff; stroke: #4d5b61; stroke-width: 2; }
svg .sign { fill: #ffffff; stroke: #5b4a8a; stroke-width: 2.5; }
svg .sign-full { fill: #5b4a8a; stroke: #5b4a8a; stroke-width: 2.5; }
svg .cross { stroke: #5b4a8a; stroke-width: 2.5; }
)css";

constexpr char kPhone[] = R"css(
@media (max-width: 44rem) {
  .page { padding: 1.2rem 1.1rem 3rem; }
  .marks dl > div { grid-template-columns: 1fr; }
  h1 { font-size: 1.6rem; }
  h2 { font-size: 1.25rem; }
  dl.facts { grid-template-columns: 1fr; gap: 0; }
  dl.facts dd { margin-bottom: .5rem; }
  .cards table, .cards tbody, .cards tr, .cards th, .cards td,
  .cards caption { display: block; width: auto; text-align: left; }
  .cards thead { position: absolute; left: -999rem; }
  .cards tr.apart { background: var(--ground); }
  .cards tr.apart th { padding-left: 0; }
  nav li { flex-wrap: wrap; }
  nav li a { flex: 1; overflow-wrap: anywhere; }
  nav .count { flex-basis: 100%; margin-left: 1.6rem; }
  .cards tr { border: 1px solid var(--line); border-radius: .3rem;
    padding: .4rem .8rem; margin-bottom: .7rem; }
  .cards th, .cards td { border: 0; padding: .2rem 0; }
  .cards tbody th { font-weight: 600; }
  .cards td::before { content: attr(data-label) ": "; color: var(--soft); }
  .sum { white-space: normal; }
  figure .wide svg.chart { width: 52rem; max-width: none; }
}
)css";

// Tables of many columns: a row is a card where they would not all be seen.
constexpr char kNarrow[] = R"css(
@media screen and (max-width: 64rem) {
  .early table, .early tbody, .early tr, .early th, .early td,
  .early caption { display: block; width: auto; text-align: left; }
  .early thead { position: absolute; left: -999rem; }
  .early tr { border: 1px solid var(--line); border-radius: .3rem;
    padding: .4rem .8rem; margin-bottom: .7rem; }
  .early th, .early td { border: 0; padding: .2rem 0; }
  .early tbody th { font-weight: 600; }
  .early td::before { content: attr(data-label) ": "; color: var(--soft); }
}
)css";

constexpr char kPaper[] = R"css(
@media print {
  body { background: #fff; font-size: 10pt; line-height: 1.4; }
  .page { max-width: none; padding: 0; }
  .skip, nav, summary { display: none; }
  a { color: inherit; text-decoration: none; }
  h1 { font-size: 20pt; } h2 { font-size: 14pt; } h3 { font-size: 11pt; }
  h2, h3, caption, figcaption, thead { break-after: avoid;
    break-inside: avoid; }
  h2 + *, h3 + * { break-before: avoid; }
  section { margin-top: 1.6rem; padding-top: .8rem; }
  tr, li, figure, .summary { break-inside: avoid; }
  thead { display: table-header-group; }
  .wide { overflow: visible; }
  th, td { padding-top: .25rem; padding-bottom: .25rem; }
  table.many { font-size: 8.5pt; }
  .summary, .checks, .missing, tr.apart th, tr.apart td, svg {
    print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  svg.chart { max-height: 17cm; }
  .sources { font-size: 8.5pt; }
}
)css";

}  // namespace

std::string HtmlStyle(std::string_view footer, std::string_view page_of) {
  const size_t first = page_of.find('%');
  const size_t second = page_of.find('%', first + 1);
  const std::string numbers =
      absl::StrCat(CssString(page_of.substr(0, first)), " counter(page) ",
                   CssString(page_of.substr(first + 1, second - first - 1)),
                   " counter(pages) ", CssString(page_of.substr(second + 1)));
  return absl::StrCat(
      kScreen, kCharts, kPhone, kNarrow, kPaper,
      "@page { size: A4; margin: 18mm 17mm 20mm;\n"
      "  @bottom-left { content: ",
      CssString(footer),
      "; font: 8pt Arial, \"Liberation Sans\", sans-serif; color: #4d5b61; }\n"
      "  @bottom-right { content: ",
      numbers,
      "; font: 8pt Arial, \"Liberation Sans\", sans-serif; color: #4d5b61; "
      "}\n}\n");
}

}  // namespace samverk
