// Swagger UI over this service's own contract. No validator: that would send the contract away.
SwaggerUIBundle({ url: "openapi.json", dom_id: "#reference", deepLinking: true, validatorUrl: null });
