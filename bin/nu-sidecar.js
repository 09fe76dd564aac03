#!/usr/bin/env node
// The executable: a plain JavaScript file, so that npx can run it from a clone as well as from an installed package.
import '../dist/src/main.js';
