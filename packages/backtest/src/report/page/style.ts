/**
 * Dark, dense, tabular; blue buys and orange sells stay apart under every color blindness, and shape says it
 * again. Amber says where data comes from or what it lacks, and nothing else. Light when printed.
 */
export const STYLE = `
:root{--canvas:#0f131a;--panel:#171c25;--raised:#202734;--line:#2b3442;--text:#e6eaf0;--muted:#9aa6b6;
--buy:#5aa9f8;--sell:#f59a3d;--poc:#f2c94c;--amber:#ffb020;--info:#7fb2ff;--trap:#c792ea}
*{box-sizing:border-box}
html{background:var(--canvas);color:var(--text);font:13px/1.5 Inter,system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;
-webkit-text-size-adjust:100%}
body{margin:0 auto;max-width:1180px;padding:20px 20px 60px}
h1{font-size:20px;line-height:1.3;margin:0}h2{font-size:15px;margin:36px 0 10px}h3{font-size:13px;margin:0 0 6px;color:var(--muted);font-weight:600}
p{margin:6px 0;max-width:76ch}a{color:var(--info)}code,.num,table,.tile b,svg text{font-variant-numeric:tabular-nums}
code{font-family:"JetBrains Mono",ui-monospace,Menlo,Consolas,monospace;font-size:12px;overflow-wrap:anywhere}
.muted{color:var(--muted)}.buy-text{color:var(--buy)}.sell-text{color:var(--sell)}
header{display:flex;flex-wrap:wrap;gap:4px 16px;align-items:baseline}
header .span{color:var(--muted)}
.stopped,.limits{border-left:3px solid var(--amber);background:var(--panel);padding:8px 14px;margin:14px 0;border-radius:0 6px 6px 0}
.limits b,.stopped b{color:var(--amber)}.limits ul{margin:4px 0;padding-left:18px}.limits li{max-width:86ch}
.tiles{display:grid;grid-template-columns:repeat(6,1fr);gap:8px;margin:16px 0}
.tile{background:var(--panel);border-radius:8px;padding:10px 12px;min-width:0}
.tile span{color:var(--muted);font-size:11px;display:block}.tile b{font-size:20px;font-weight:600;display:block;line-height:1.35;white-space:nowrap}
.tile small{color:var(--muted);font-size:11px;display:block}
.tile.gain b{color:var(--buy)}.tile.loss b{color:var(--sell)}
.panel{background:var(--panel);border-radius:8px;padding:12px;min-width:0}
.two{display:grid;grid-template-columns:1fr 1fr;gap:12px;align-items:start}
.scroll{overflow-x:auto}
.chart{display:block;width:100%;height:auto}.narrow{display:none}
.chart text{fill:var(--text);font-size:11px;font-family:inherit}
.chart .label,.chart .muted,.axis text{fill:var(--muted)}.axis line{stroke:var(--line)}
.equity{fill:none;stroke:var(--text);stroke-width:1.5;stroke-linejoin:round}.equity-fill{fill:var(--text);opacity:.06}
.drawdown{fill:var(--sell);fill-opacity:.45;stroke:var(--sell)}
.start{stroke:var(--muted);stroke-dasharray:3 4}
.chart .win{fill:var(--buy)}.chart .loss{fill:var(--panel);stroke:var(--sell);stroke-width:1.3}
circle.win{fill-opacity:.75}.median{stroke:var(--text);stroke-dasharray:4 3}
.fan-wide{fill:var(--info);opacity:.16}.fan-narrow{fill:var(--info);opacity:.28}.fan-median{fill:none;stroke:var(--info);stroke-width:1.5}
.happened{fill:none;stroke:var(--text);stroke-width:1.5}.ruin{stroke:var(--sell);stroke-dasharray:5 4}
.candles .up rect{fill:var(--buy)}.candles .up line{stroke:var(--buy)}
.candles .down rect{fill:var(--panel);stroke:var(--sell);stroke-width:1.2}.candles .down line{stroke:var(--sell)}
.held{fill:var(--text);opacity:.06}.fill-line{stroke:var(--text);stroke-width:1.5}
.fill-buy path,.fill-sell path{fill:var(--text);stroke:var(--canvas)}.fill-buy text,.fill-sell text{font-weight:600;paint-order:stroke;stroke:var(--panel);stroke-width:3px}
.buy-cell,.buy-mark{fill:var(--buy)}.sell-cell,.sell-mark{fill:var(--sell)}.poc{fill:none;stroke:var(--poc)}
.footprint text{font-family:"JetBrains Mono",ui-monospace,Menlo,Consolas,monospace;font-size:10px}.footprint .strong{font-weight:700}
.footprint .buy-text{fill:var(--buy)}.footprint .sell-text{fill:var(--sell)}
.entry-bar{fill:var(--text);opacity:.05}.entry-line{stroke:var(--text);stroke-dasharray:2 3}
table{border-collapse:collapse;width:100%;font-size:12px}
th,td{padding:4px 8px;text-align:right;white-space:nowrap;border-bottom:1px solid var(--line)}
th{color:var(--muted);font-weight:600;font-size:11px;position:sticky;top:0;background:var(--panel)}
th:first-child,td:first-child,.left{text-align:left}
th button{all:unset;cursor:pointer}th button:focus-visible{outline:2px solid var(--info);outline-offset:2px}
th[aria-sort=ascending] button:after{content:" \\2191"}th[aria-sort=descending] button:after{content:" \\2193"}
tbody tr:hover{background:var(--raised)}
.months td{min-width:46px}.months .gain{background:rgba(90,169,248,var(--a))}.months .loss{background:rgba(245,154,61,var(--a))}
.tall{max-height:520px;overflow:auto}
details{background:var(--panel);border-radius:8px;margin:6px 0}summary{cursor:pointer;padding:8px 12px;display:flex;gap:4px 14px;flex-wrap:wrap}
summary:focus-visible{outline:2px solid var(--info)}
details>div{padding:0 12px 12px}details .footprint,.price{max-width:900px}details .footprint{min-width:560px}.legend{color:var(--muted);font-size:11px;margin:6px 0}
p.legend{max-width:none}.whisker{display:block;width:150px;height:18px}.whisker line{stroke:var(--text);stroke-width:1.5}.whisker circle{fill:var(--text)}.whisker .zero{stroke:var(--muted);stroke-dasharray:2 2;stroke-width:1}
dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 16px;margin:6px 0}dt{color:var(--muted)}dd{margin:0;min-width:0}
nav{display:flex;gap:14px;flex-wrap:wrap;margin:10px 0 0;font-size:12px}
@media(max-width:760px){body{padding:14px 12px 40px}.tiles{grid-template-columns:repeat(2,1fr)}.two{grid-template-columns:1fr}
.wide{display:none}.narrow{display:block}.price{min-width:560px}h1{font-size:18px}dl{grid-template-columns:1fr}dd{margin-bottom:6px}}
@media(min-width:761px) and (max-width:1000px){.tiles{grid-template-columns:repeat(3,1fr)}}
@media print{:root{--canvas:#fff;--panel:#fff;--raised:#e9edf2;--line:#c6ced8;--text:#141a22;--muted:#4a5666;--buy:#1f63b5;--sell:#a85400;--poc:#8a6500;--amber:#8f5a00;--info:#1f5fbf}
.tall{max-height:none}nav{display:none}}
`
