import "./css/station.css";
import "./elements/confirm.ts";
import "./elements/flash.ts";
import "./elements/line.ts";
import "./elements/once.ts";
import "./elements/photo.ts";
import "./elements/places.ts";
import "./elements/stepper.ts";
