#include "trainers/report/page_style.h"

namespace hpo {

std::string_view page_style() {
  return R"(
:root{color-scheme:light dark;--bg:#f5f5f0;--card:#fff;--ink:#1d2422;--soft:#626e69;--line:#e3e5de;
--inset:#eef0ea;--good:#0e7c6b;--bad:#c9444f;--mark:#d58a1c;--on:#fff}
@media(prefers-color-scheme:dark){:root{--bg:#121617;--card:#1a2022;--ink:#e6ebe8;--soft:#94a09b;
--line:#2b3335;--inset:#232a2c;--good:#43c2ac;--bad:#f4717c;--mark:#efb352;--on:#10201d}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.55 system-ui,-apple-system,"Segoe UI",
Roboto,"Helvetica Neue",sans-serif;-webkit-text-size-adjust:100%}
main{max-width:1180px;margin:0 auto;padding:36px 24px 72px}
h1{font-size:28px;line-height:1.2;margin:0 0 4px;letter-spacing:-.02em;overflow-wrap:anywhere}
h2{font-size:18px;margin:0 0 2px;letter-spacing:-.01em}
p{margin:0 0 12px;max-width:76ch}
.lede,.note,small{color:var(--soft)}
.lede{overflow-wrap:anywhere}
nav{display:flex;flex-wrap:wrap;gap:8px;margin:18px 0 22px}
nav a{color:var(--ink);text-decoration:none;background:var(--card);border:1px solid var(--line);
border-radius:99px;padding:4px 13px;font-size:13.5px}
nav a:hover{border-color:var(--good);color:var(--good)}
section{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:22px 24px;
margin:0 0 18px;scroll-margin-top:12px;min-width:0}
.pair{display:grid;grid-template-columns:minmax(0,3fr) minmax(0,2fr);gap:18px}
.pair>section{margin:0}
.pair{margin:0 0 18px}
.hero{display:flex;flex-wrap:wrap;gap:10px 34px;align-items:center}
.big{font-size:64px;font-weight:650;letter-spacing:-.04em;line-height:1;color:var(--good)}
.hero p{flex:1 1 320px;margin:0;font-size:16px}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:10px;margin:18px 0 0}
.tile{background:var(--inset);border-radius:10px;padding:11px 14px}
.tile b{display:block;font-size:22px;font-weight:620;letter-spacing:-.02em}
.tile span{color:var(--soft);font-size:13px}
.tile.warn b{color:var(--bad)}
svg{display:block;width:100%;height:auto;font:12px system-ui,-apple-system,sans-serif;fill:var(--ink)}
svg .good{fill:var(--good)}svg .bad{fill:var(--bad)}svg .inset{fill:var(--inset)}
svg .count{text-anchor:middle;font-weight:600}svg .on{fill:var(--on)}
svg .name{fill:var(--ink)}svg .end{text-anchor:end}svg .mid{text-anchor:middle}
svg .tick{fill:var(--soft);font-size:11.5px}
svg .grid{stroke:var(--line)}svg .ideal{stroke:var(--soft);stroke-dasharray:4 4}
svg .scale{stroke:var(--line);stroke-width:1.5}svg .chance{stroke:var(--soft);stroke-width:1.5}
svg .band{fill:var(--good);fill-opacity:.28}svg .dot{fill:var(--good);stroke:var(--card);stroke-width:2}
svg .bar{fill:var(--good);fill-opacity:.35}svg .boast{fill:var(--bad);fill-opacity:.28}
svg .doubt{fill:var(--mark);fill-opacity:.32}
svg .soft{fill:var(--soft);fill-opacity:.45}
.scroll{overflow:auto;max-height:620px}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th{position:sticky;top:0;background:var(--card);text-align:left;font-weight:550;font-size:13px;
color:var(--soft);padding:6px 12px 6px 0;border-bottom:1px solid var(--line)}
td{padding:6px 12px 6px 0;border-bottom:1px solid var(--line);vertical-align:middle}
tr:last-child td{border-bottom:0}
td.n,th.n{text-align:right}
.meter{display:flex;align-items:center;gap:9px;min-width:118px}
.meter i{flex:1;height:7px;border-radius:4px;background:var(--inset);overflow:hidden}
.meter i::before{content:"";display:block;height:100%;width:var(--w);background:var(--good);border-radius:4px}
.meter.bad i::before{background:var(--bad)}
.meter span{width:52px;text-align:right;font-size:13px}
.gallery{display:grid;grid-template-columns:repeat(auto-fill,minmax(330px,1fr));gap:14px;margin-top:14px}
figure{margin:0;border:1px solid var(--line);border-radius:12px;overflow:hidden;background:var(--card);
break-inside:avoid}
.strip{display:grid;grid-template-columns:repeat(3,1fr);gap:2px;background:var(--line)}
.strip.two{grid-template-columns:repeat(2,1fr)}
.strip img{width:100%;aspect-ratio:1;object-fit:cover;display:block;background:var(--inset)}
figcaption{padding:11px 14px 12px;font-size:14px}
figcaption .said{color:var(--bad);font-weight:600}
figcaption .ok{color:var(--good);font-weight:600}
figcaption b{font-weight:600}
figcaption small{display:block;font-size:12px;overflow-wrap:anywhere;margin-top:6px}
.odds{margin:7px 0 0;display:grid;grid-template-columns:minmax(0,1fr) 92px 44px;gap:2px 9px;font-size:12.5px;
align-items:center}
.odds span{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.odds i{height:6px;border-radius:3px;background:var(--inset);overflow:hidden}
.odds i::before{content:"";display:block;height:100%;width:var(--w);background:var(--soft)}
.odds .true+i::before{background:var(--good)}
.odds em{font-style:normal;text-align:right;color:var(--soft)}
.odds .true{font-weight:600;color:var(--good)}
ul.plain{list-style:none;padding:0;margin:0}
footer{color:var(--soft);font-size:13px;padding:6px 4px}
footer p{max-width:100ch}
@media(max-width:860px){.pair{grid-template-columns:minmax(0,1fr)}main{padding:22px 14px 48px}
.big{font-size:50px}section{padding:18px 16px}}
@media print{body{background:#fff}nav{display:none}section,figure{border-color:#ccc;break-inside:avoid}
.scroll{max-height:none}}
)";
}

}  // namespace hpo
