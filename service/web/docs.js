// Swagger UI for this service's contract. The validator is off: it would send the contract to a third party.
SwaggerUIBundle({ url: "openapi.json", dom_id: "#reference", deepLinking: true, validatorUrl: null });
