/** The page's looks: the reader's colour scheme, type and measure of text that read well on paper, screen and phone. */
export const style = `
:root{color-scheme:light dark;--paper:#fbfaf7;--card:#ffffff;--ink:#1c2420;--soft:#56605b;--line:#dfe3df;--before:#8a5f14;--good:#17705a;--bad:#a8322a;--warn:#8a5a00;--wash:#eef3f0}
@media (prefers-color-scheme:dark){:root{--paper:#131816;--card:#1b221f;--ink:#e8ece9;--soft:#a3aea8;--line:#33403a;--before:#d2a55a;--good:#5cc3a5;--bad:#f0877d;--warn:#e0b25a;--wash:#222c28}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;overflow-wrap:anywhere}
main{max-width:68rem;margin:0 auto;padding:2.5rem 1.25rem 4rem}
h1{font-size:1.9rem;line-height:1.2;margin:0 0 .25rem;letter-spacing:-.01em}
h2{font-size:1.2rem;margin:2.75rem 0 .35rem}
h3{font-size:1rem;margin:1.25rem 0 .25rem}
p{margin:.35rem 0;max-width:46rem}
.soft{color:var(--soft)}.note{color:var(--soft);font-size:.88rem}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:.75rem;margin:1rem 0}
.tile{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:.9rem 1rem}
.tile .name,.tile .was{color:var(--soft);font-size:.86rem}
.tile .now{font-size:1.6rem;font-weight:650;font-variant-numeric:tabular-nums;line-height:1.25}
.card{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:1rem 1.25rem;margin:.75rem 0;overflow-x:auto}
.card>svg,details>svg{display:block;min-width:34rem;width:100%;max-width:50rem!important}
.warnings{margin:.75rem 0;padding:.75rem 1.25rem;border-left:.35rem solid var(--warn);background:var(--wash);border-radius:.6rem}
.warnings ul{margin:.25rem 0;padding-left:1.1rem}
table{overflow-wrap:normal;border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--soft);font-size:.86rem;padding-bottom:.4rem}
th,td{text-align:left;vertical-align:top;padding:.45rem .75rem .45rem 0;border-top:1px solid var(--line)}
thead th{border-top:0;color:var(--soft);font-weight:500;font-size:.86rem;white-space:nowrap}
th[scope=row]{font-weight:600}
td.number,th.number{text-align:right;white-space:nowrap}
td:last-child,th:last-child{padding-right:0}
details{border-top:1px solid var(--line);padding:.6rem 0}
.card>details:first-child{border-top:0}
summary{cursor:pointer;border-radius:.3rem}
summary:focus-visible{outline:2px solid var(--good);outline-offset:2px}
summary .place{color:var(--soft);font-size:.88rem;display:block;margin-left:1.05rem}
details>svg{margin:.75rem 0}
.scroll{overflow-x:auto}
footer{margin-top:3rem;padding-top:1rem;border-top:1px solid var(--line);color:var(--soft);font-size:.88rem}
@media (max-width:40rem){main{padding:1.5rem 1rem 3rem}h1{font-size:1.5rem}.tiles{grid-template-columns:1fr 1fr}.tile .now{font-size:1.3rem}.card{padding:.9rem 1rem}}
@media print{body{background:#fff}.card,.tile{break-inside:avoid}}
`
