import "./css/account.css";
import "./elements/confirm.ts";
import "./elements/flash.ts";
import "./elements/once.ts";
