import "./css/shop.css";
import "./css/fairground.css";
import "./css/purchase.css";
import "./css/calendar.css";
import "./elements/confirm.ts";
import "./elements/count.ts";
import "./elements/flash.ts";
import "./elements/once.ts";
import "./elements/stepper.ts";

if (document.querySelector("place-picker")) void import("./elements/places.ts");
if (document.querySelector("order-total")) void import("./elements/checkout.ts");
if (document.querySelector("live-basket")) void import("./elements/basket.ts");
if (document.querySelector("put-in")) void import("./elements/put-in.ts");
if (document.querySelector("look-again")) void import("./elements/again.ts");
if (document.querySelector("share-link")) void import("./elements/share.ts");
