// The page's behaviour, a file for each concern.

import "./morphing.js";
import "./live_updates.js";
import "./menus.js";
import "./dialogs.js";
import "./pickers.js";
import "./composer.js";
import "./tables.js";
import "./scrolling.js";
import "./toasts.js";
import "./drawer.js";
