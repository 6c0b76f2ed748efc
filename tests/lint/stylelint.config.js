// Nothing newer than Chromium 109 and Firefox 115 that a page needs to be read or used.
import newerCss from "./newer_css.js";

export default {
  plugins: [newerCss],
  reportDescriptionlessDisables: true,
  reportNeedlessDisables: true,
  rules: {
    "portal/newer-css": [true, {
      ignore: {
        "text-wrap": "only evens out the lines of a heading; without it they break where they are full",
        "break-after": "only keeps a heading with what follows on paper; `avoid` came to Firefox later",
      },
    }],
  },
};
