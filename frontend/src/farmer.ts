import "./css/farmer.css";
import "./css/calendar.css";
import "./elements/confirm.ts";
import "./elements/flash.ts";
import "./elements/line.ts";
import "./elements/listen.ts";
import "./elements/number-pad.ts";
import "./elements/once.ts";
import "./elements/photo.ts";
import "./elements/record.ts";
import "./elements/stepper.ts";

if (document.querySelector("redeem-code")) void import("./elements/redeem.ts");
