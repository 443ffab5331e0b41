// Draws the API's own description with Swagger UI; its validator, which asks a foreign server, stays off.
"use strict";
(() => {
  const place = document.getElementById("api");
  SwaggerUIBundle({
    url: place.dataset.url,
    domNode: place,
    validatorUrl: null,
    deepLinking: true,
    defaultModelsExpandDepth: -1,
  });
})();
