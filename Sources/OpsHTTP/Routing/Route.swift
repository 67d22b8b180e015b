public import OpsModel

/// Who may call a route.
public enum Access: Sendable, Hashable {
    /// Everybody, without a key.
    case open
    /// The holder of any accepted key.
    case anyKey
    /// The holder of a key with this scope.
    case scope(String)
}

/// One operation of a service, with all that its OpenAPI description needs.
public struct Route: Sendable {
    /// What carries out the operation.
    public typealias Handler = @Sendable (HTTPRequest) async throws -> HTTPResponse

    /// The media type of forms.
    public static let formType = "application/x-www-form-urlencoded"

    /// The method.
    public var method: HTTPMethod
    /// The path, with named places in braces, such as `/faults/{id}`.
    public var template: String
    /// One line for people.
    public var summary: String
    /// Who may call it.
    public var access: Access
    /// JSON Schema of the body; nil when the route takes none.
    public var requestSchema: JSONValue?
    /// JSON Schema of the body when it is a form, each member a text on the wire; nil when the route takes no form.
    public var formSchema: JSONValue?
    /// JSON Schema of `data` in the answer.
    public var responseSchema: JSONValue?
    /// The status of success.
    public var successStatus: Int
    /// The media types a body may have.
    public var accepts: [String]
    /// The name under which requests are counted, where the template would tell more than everybody may know.
    public var countedAs: String?
    /// What carries out the operation.
    public var handler: Handler

    /// Describes an operation.
    public init(
        _ method: HTTPMethod,
        _ template: String,
        summary: String,
        access: Access,
        request: JSONValue? = nil,
        form: JSONValue? = nil,
        response: JSONValue? = nil,
        successStatus: Int = 200,
        countedAs: String? = nil,
        handler: @escaping Handler
    ) {
        self.method = method
        self.template = template
        self.summary = summary
        self.access = access
        requestSchema = request
        formSchema = form
        responseSchema = response
        self.successStatus = successStatus
        accepts = ["application/json"] + (form == nil ? [] : [Self.formType])
        self.countedAs = countedAs
        self.handler = handler
    }
}
