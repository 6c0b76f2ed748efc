{% autoescape off %}self.GIVEN = {{ given_json }};
{{ script }}{% endautoescape %}
