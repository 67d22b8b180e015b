public import OpsModel

extension Router {
    /// The OpenAPI 3.1 document of every route.
    public func openAPI(title: String, version: String = "1") -> JSONValue {
        var paths: [String: JSONValue] = [:]
        for (template, routes) in Dictionary(grouping: routes, by: \.template) {
            let operations = routes.map { ($0.method.rawValue.lowercased(), $0.openAPIOperation) }
            paths[template] = .object(Dictionary(operations) { first, _ in first })
        }
        return [
            "openapi": "3.1.0",
            "info": ["title": .string(title), "version": .string(version)],
            "paths": .object(paths),
            "components": [
                "schemas": ["Error": Self.errorSchema],
                "securitySchemes": [
                    "bearer": ["type": "http", "scheme": "bearer"],
                    "apiKey": ["type": "apiKey", "in": "header", "name": "X-API-Key"],
                ],
            ],
        ]
    }

    private static var errorSchema: JSONValue {
        [
            "type": "object",
            "required": ["error", "code", "details"],
            "properties": [
                "error": ["type": "string"],
                "code": ["type": "string"],
                "details": ["type": "object", "properties": ["hint": ["type": "string"]]],
            ],
        ]
    }
}

extension Route {
    fileprivate var openAPIOperation: JSONValue {
        var operation: [String: JSONValue] = [
            "summary": .string(summary),
            "operationId": .string(operationID),
            "responses": responses,
        ]
        let places = PathTemplate(template).places
        if !places.isEmpty { operation["parameters"] = .array(places.map(Self.parameter)) }
        if let requestSchema {
            let content = accepts.map {
                ($0, ["schema": $0 == Self.formType ? formSchema ?? [:] : requestSchema] as JSONValue)
            }
            operation["requestBody"] = [
                "required": true, "content": .object(Dictionary(content) { first, _ in first }),
            ]
        }
        if case .scope(let scope) = access {
            operation["security"] = [["bearer": [.string(scope)]], ["apiKey": [.string(scope)]]]
        } else if access == .anyKey {
            operation["security"] = [["bearer": []], ["apiKey": []]]
        }
        return .object(operation)
    }

    private var operationID: String {
        let words = template.split { !$0.isLetter && !$0.isNumber }
        return ([method.rawValue.lowercased()] + words.map(String.init)).joined(separator: "_")
    }

    private var responses: JSONValue {
        let envelope: JSONValue = [
            "type": "object",
            "properties": ["data": responseSchema ?? [:], "message": ["type": "string"]],
        ]
        return [
            String(successStatus): [
                "description": .string(summary), "content": ["application/json": ["schema": envelope]],
            ],
            "default": [
                "description": "Refused or failed.",
                "content": ["application/json": ["schema": ["$ref": "#/components/schemas/Error"]]],
            ],
        ]
    }

    private static func parameter(_ name: String) -> JSONValue {
        ["name": .string(name), "in": "path", "required": true, "schema": ["type": "string"]]
    }
}
