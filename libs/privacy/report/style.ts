/** The page's looks: the reader's colour scheme, type and measure of text that read well on paper, screen and phone. */
export const style = `
:root{color-scheme:light dark;--paper:#fbfaf7;--card:#ffffff;--ink:#1c2420;--soft:#56605b;--line:#dfe3df;--before:#b3873e;--after:#17705a;--good:#17705a;--bad:#a8322a;--warn:#8a5a00;--wash:#eef3f0}
@media (prefers-color-scheme:dark){:root{--paper:#131816;--card:#1b221f;--ink:#e8ece9;--soft:#a3aea8;--line:#33403a;--before:#d2a55a;--after:#5cc3a5;--good:#5cc3a5;--bad:#f0877d;--warn:#e0b25a;--wash:#222c28}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;overflow-wrap:anywhere}
main{max-width:68rem;margin:0 auto;padding:2.5rem 1.25rem 4rem}
h1{font-size:1.9rem;line-height:1.2;margin:0 0 .25rem;letter-spacing:-.01em}
h2{font-size:1.2rem;margin:2.75rem 0 .35rem}
h3{font-size:1rem;margin:0}
p{margin:.35rem 0;max-width:46rem}
.soft{color:var(--soft)}
.verdict{display:flex;gap:.75rem;align-items:baseline;margin:1.5rem 0 0;padding:1rem 1.25rem;border-radius:.6rem;background:var(--wash);border-left:.35rem solid var(--good)}
.verdict.fails{border-color:var(--bad)}.verdict.voided{border-color:var(--warn)}
.verdict strong{font-size:1.1rem}
.tiles{display:grid;grid-template-columns:repeat(3,1fr);gap:.75rem;margin:1rem 0}
.tile{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:.9rem 1rem}
.tile .name{color:var(--soft);font-size:.86rem}
.tile .now{font-size:1.6rem;font-weight:650;font-variant-numeric:tabular-nums;line-height:1.25}
.tile .was{color:var(--soft);font-size:.86rem;font-variant-numeric:tabular-nums}
.card{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:1rem 1.25rem;margin:.75rem 0}
.scroll{overflow-x:auto}
table{overflow-wrap:normal;border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--soft);font-size:.86rem;padding-bottom:.4rem}
th,td{text-align:left;vertical-align:top;padding:.5rem .75rem .5rem 0;border-top:1px solid var(--line)}
thead th{border-top:0;color:var(--soft);font-weight:500;font-size:.86rem;white-space:nowrap}
th[scope=row]{font-weight:600}
td.number,th.number{text-align:right;white-space:nowrap}
td:last-child,th:last-child{padding-right:0}
.mark{font-weight:650;white-space:nowrap}.mark.holds{color:var(--good)}.mark.fails{color:var(--bad)}.mark.voided{color:var(--warn)}
.key{display:flex;gap:1.25rem;font-size:.86rem;color:var(--soft);margin-bottom:.75rem}
.key i{display:inline-block;width:.8rem;height:.8rem;border-radius:.15rem;margin-right:.4rem;vertical-align:-.05rem}
.key .before,.bar.before{background:var(--before)}.key .after,.bar.after{background:var(--after)}
.bars{display:grid;grid-template-columns:6rem 1fr;gap:.75rem;align-items:center;padding:.35rem 0}
.bars .label{color:var(--soft);font-size:.86rem;text-align:right;font-variant-numeric:tabular-nums}
.track{display:flex;align-items:center;gap:.5rem;height:1.05rem;padding-right:5rem}
.track span{font-size:.78rem;color:var(--soft);white-space:nowrap;font-variant-numeric:tabular-nums;margin-right:-5rem}
.bar{height:.75rem;border-radius:.15rem;min-width:1px;flex:none;max-width:100%}
.column{border-top:1px solid var(--line);padding:.9rem 0;display:grid;grid-template-columns:minmax(9rem,14rem) 1fr;gap:.25rem 1.5rem}
.column:first-child{border-top:0;padding-top:0}.column:last-child{padding-bottom:0}
.column ul{margin:0;padding:0;list-style:none}.column li+li{margin-top:.3rem}.column li>div{margin-top:.15rem}
.role{display:inline-block;font-size:.78rem;color:var(--soft);border:1px solid var(--line);border-radius:1rem;padding:0 .55rem;margin-top:.2rem}
.label-chip{display:inline-block;background:var(--wash);border-radius:.3rem;padding:0 .4rem;margin:.15rem .25rem 0 0;font-size:.84rem;font-family:ui-monospace,SFMono-Regular,Menlo,monospace;white-space:pre-wrap}
.note{color:var(--soft);font-size:.88rem;font-weight:400}
.ladder{vertical-align:-.1rem;margin-right:.4rem}.ladder .on,.lattice .on{fill:var(--after)}.ladder .off{fill:none;stroke:var(--soft);stroke-width:1}.lattice .off{fill:var(--line)}
figure{margin:0}.lattice{width:100%;height:7.5rem;display:block}
figcaption{overflow-wrap:normal;display:flex;justify-content:space-between;gap:1rem;color:var(--soft);font-size:.86rem;padding-top:.4rem}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
footer{margin-top:3rem;padding-top:1rem;border-top:1px solid var(--line);color:var(--soft);font-size:.88rem}
@media (max-width:40rem){main{padding:1.5rem 1rem 3rem}h1{font-size:1.5rem}.column{grid-template-columns:1fr}.bars{grid-template-columns:4.2rem 1fr}.tiles{grid-template-columns:1fr 1fr}.tile .now{font-size:1.3rem}.card{padding:.9rem 1rem}}
@media print{body{background:#fff}.card,.tile{break-inside:avoid}}
`
