/** The page's one style sheet: light and dark, narrow and wide, screen and paper. */
export const STYLE = `
:root{color-scheme:light dark;--page:#fff;--text:#1b1f24;--faint:#59626d;--line:#d5d9de;--box:#f4f6f8;--warn:#8a4b00;--warnbox:#fff4e0;
--c0:#1f6fb2;--c1:#c2410c;--c2:#3f7d20;--c3:#8b3fb0;--c4:#8a6d00;--c5:#0b7a75;--c6:#b0305c;--c7:#7a818a}
@media(prefers-color-scheme:dark){:root{--page:#14171b;--text:#e6e9ed;--faint:#a3adb8;--line:#363d45;--box:#1d2227;--warn:#ffc266;--warnbox:#2e2310;
--c0:#6cb2f0;--c1:#ff9a62;--c2:#8ed06a;--c3:#d79bf2;--c4:#e0c04a;--c5:#5cd0c8;--c6:#ff8fb3;--c7:#9aa3ad}}
*{box-sizing:border-box}
body{margin:0 auto;padding:1rem;max-width:76rem;background:var(--page);color:var(--text);font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.5rem;line-height:1.2;margin:.5rem 0}
h2{font-size:1.2rem;margin:2rem 0 .5rem;border-top:1px solid var(--line);padding-top:1rem}
p{margin:.5rem 0;max-width:48rem}
a{color:var(--c0)}
:focus-visible{outline:3px solid var(--c1);outline-offset:2px}
.faint,figcaption,dt{color:var(--faint)}
.numbers{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.5rem;margin:1rem 0}
.numbers div{background:var(--box);border-radius:.4rem;padding:.5rem .75rem}
.numbers dd{margin:0;font-size:1.25rem;font-weight:600}
.warnings{list-style:none;padding:0;margin:1rem 0}
.warnings li{background:var(--warnbox);border-left:.3rem solid var(--warn);padding:.5rem .75rem;margin:.5rem 0}
.verdict{background:var(--box);border-left:.4rem solid var(--c7);border-radius:.4rem;padding:.5rem 1rem;margin:1rem 0}
.verdict.programs{border-color:var(--c2)}.verdict.hybrid{border-color:var(--c4)}.verdict.direct{border-color:var(--c1)}
.verdict h2{border:0;margin:0;padding:0}
.verdict figure{margin:.75rem 0}
.verdict svg{max-width:100%}
.charts{display:flex;flex-wrap:wrap;gap:1.5rem;align-items:flex-start}
figure{margin:0;max-width:100%}
figcaption{font-weight:600;font-size:.875rem;max-width:21rem}
.wide{overflow-x:auto;max-width:100%}
svg{display:block;font:10px system-ui,sans-serif;height:auto}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.2rem .9rem;padding:0;margin:.25rem 0;font-size:.875rem;max-width:21rem}
.swatch{display:inline-block;width:.7rem;height:.7rem;margin-right:.35rem;border-radius:.15rem}
.c0{background:var(--c0)}.c1{background:var(--c1)}.c2{background:var(--c2)}.c3{background:var(--c3)}.c4{background:var(--c4)}.c5{background:var(--c5)}.c6{background:var(--c6)}.c7{background:var(--c7)}
table{border-collapse:collapse;font-size:.875rem;font-variant-numeric:tabular-nums}
th,td{padding:.3rem .6rem;text-align:right;border-bottom:1px solid var(--line);white-space:nowrap}
th:first-child,td:first-child{text-align:left;white-space:normal;min-width:9rem}
th.text,td.text{text-align:left;white-space:normal;min-width:9rem}
pre{background:var(--box);padding:.75rem;overflow-x:auto;font:.8125rem/1.45 ui-monospace,monospace;white-space:pre-wrap;margin:.5rem 0}
details{border-bottom:1px solid var(--line);padding:.35rem 0}
summary{cursor:pointer}
.rows{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,26rem),1fr));gap:.75rem}
article{border:1px solid var(--line);border-radius:.4rem;padding:.75rem;min-width:0}
h4{margin:1rem 0 .35rem;font-size:1rem}
article h5{margin:0 0 .35rem;font-size:1rem}
article dl{margin:.25rem 0;display:grid;grid-template-columns:fit-content(9rem) minmax(0,1fr);gap:.1rem .75rem;font-size:.875rem}
article dd{margin:0;white-space:pre-wrap}
article img{float:right;margin:0 0 .5rem .75rem;border-radius:.25rem;max-width:40%;height:auto}
.votes{font-size:.875rem}
nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1rem;padding:0;margin:.5rem 0}
@media print{nav{display:none}body{max-width:none;padding:0;font-size:10pt}figure,article,tr,.warnings li{break-inside:avoid}.wide{overflow:visible}
details::details-content{content-visibility:visible;display:block;height:auto}}
`;
