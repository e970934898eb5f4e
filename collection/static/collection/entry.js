"use strict"; // Autosave, keys, paste and the offline queue of the entry page.
