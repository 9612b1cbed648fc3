const old = document.getElementById("old"), made = Date.parse(old.dataset.made);
const steps = [[86400e3, "day"], [3600e3, "hour"], [60e3, "minute"]];
const since = Date.now() - made, [size, unit] = steps.find(([size]) => since >= 2 * size) || steps[2];
const words = new Intl.RelativeTimeFormat(document.documentElement.lang).format(-Math.max(0, Math.floor(since / size)), unit);
old.textContent = old.dataset.words.replace("{age}", words);
old.hidden = false;
