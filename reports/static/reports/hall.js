// In the hall the page renews itself every five minutes, unless somebody is using it: the pointer
// rests on a number, moved a moment ago, or a panel is open.
(() => {
  "use strict";

  const RENEW_AFTER = 5 * 60 * 1000;
  const STILL_FOR = 30 * 1000;
  let used = 0;

  for (const sign of ["pointermove", "keydown", "touchstart", "wheel"]) {
    document.addEventListener(sign, () => { used = Date.now(); }, { passive: true });
  }
  const renew = () => {
    const inUse = Date.now() - used < STILL_FOR || document.querySelector("main a:hover, dialog[open]");
    if (inUse || document.hidden) setTimeout(renew, STILL_FOR);
    else window.location.reload();
  };
  setTimeout(renew, RENEW_AFTER);
})();
