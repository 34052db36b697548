"""The report's style sheet."""

STYLE = """
:root { --ink: #1c2430; --soft: #5d6b7d; --line: #e2e7ee; --paper: #f5f7fa;
  --good: #1b7f4b; --bad: #b3362b; }
* { box-sizing: border-box; }
body { margin: 0; color: var(--ink); background: var(--paper);
  font: 15px/1.5 system-ui, "Segoe UI", Roboto, sans-serif; }
header { color: #fff; padding: 28px 20px; overflow-wrap: anywhere; }
header.blessed { background: var(--good); }
header.refused { background: var(--bad); }
header > div, main { max-width: 1060px; margin: 0 auto; }
header > div { padding: 0 20px; }
header h1 { margin: 8px 0 4px; font-size: 26px; }
header p, header ul { margin: 4px 0; }
header code { background: rgba(255, 255, 255, .18); }
.badge { background: rgba(255, 255, 255, .22); border-radius: 99px;
  padding: 3px 12px; font-weight: 600; }
main { padding: 20px; }
section { background: #fff; border: 1px solid var(--line);
  border-radius: 10px; padding: 6px 22px 18px; margin-bottom: 18px; }
h2 { font-size: 18px; margin: 14px 0 8px; }
.about { color: var(--soft); font-size: 13px; max-width: 34ch; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%;
  font-variant-numeric: tabular-nums; }
th { text-align: left; color: var(--soft); font-size: 13px;
  font-weight: 600; white-space: nowrap; }
th, td { padding: 7px 14px 7px 0; border-bottom: 1px solid var(--line);
  vertical-align: top; }
tbody tr:last-child td { border-bottom: 0; }
.way { color: var(--soft); }
.better { color: var(--good); }
.worse { color: var(--bad); }
.same { color: var(--soft); }
.bar { background: #4779b8; border-radius: 3px; height: 10px;
  margin-top: 6px; min-width: 1px; }
td:has(.bar) { width: 60%; }
figure { margin: 10px 0 18px; }
figure img { max-width: 100%; border: 1px solid var(--line);
  border-radius: 6px; }
figcaption { color: var(--soft); font-size: 13px; }
code { background: var(--paper); border-radius: 4px; padding: 1px 5px;
  overflow-wrap: anywhere; }
pre { overflow-x: auto; font-size: 13px; }
summary { cursor: pointer; color: var(--soft); }
"""
