public import OpsModel

/// The operations of a service, found by method and path.
///
/// A template without places is preferred to one that would match too; otherwise the first one added wins. A method given
/// twice for one template replaces the earlier route.
public struct Router: Sendable {
    /// What a path leads to.
    enum Match {
        case route(Route, parameters: [String: String])
        case wrongMethod(allowed: [HTTPMethod])
        case nothing
    }

    private struct Place: Sendable {
        var template: PathTemplate
        var routes: [HTTPMethod: Route]
    }

    private var fixed: [String: Place] = [:]
    private var open: [Place] = []
    /// Whatever stands between the server's checks and the handlers, outermost first.
    private(set) var middleware: [any Middleware] = []
    private var describers: [@Sendable (any Error) -> HTTPError?] = []

    /// A router without routes.
    public init() {}

    /// Every route, ordered by template and method.
    public var routes: [Route] {
        (fixed.values.flatMap(\.routes.values) + open.flatMap(\.routes.values))
            .sorted { ($0.template, $0.method.rawValue) < ($1.template, $1.method.rawValue) }
    }

    /// Puts something around every handler, inside those added before.
    public mutating func use(_ middleware: any Middleware) { self.middleware.append(middleware) }

    /// Says how a library's errors are answered; nil leaves the error to those added before, and in the end to a 500.
    public mutating func mapErrors(_ describe: @escaping @Sendable (any Error) -> HTTPError?) {
        describers.append(describe)
    }

    func describe(_ error: any Error) -> HTTPError? { describers.reversed().lazy.compactMap { $0(error) }.first }

    /// Adds one route.
    public mutating func add(_ route: Route) {
        let template = PathTemplate(route.template)
        if template.places.isEmpty {
            fixed[route.template, default: Place(template: template, routes: [:])].routes[route.method] = route
        } else if let index = open.firstIndex(where: { $0.template == template }) {
            open[index].routes[route.method] = route
        } else {
            open.append(Place(template: template, routes: [route.method: route]))
        }
    }

    func match(_ method: HTTPMethod, path: String) -> Match {
        if let place = fixed[path] { return Self.pick(method, place, [:]) }
        let segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        var allowed: [HTTPMethod] = []
        for place in open {
            guard let parameters = place.template.match(segments) else { continue }
            switch Self.pick(method, place, parameters) {
            case .wrongMethod(let methods): allowed += methods
            case let match: return match
            }
        }
        return allowed.isEmpty ? .nothing : .wrongMethod(allowed: allowed)
    }

    private static func pick(_ method: HTTPMethod, _ place: Place, _ parameters: [String: String]) -> Match {
        if let route = place.routes[method] ?? (method == .head ? place.routes[.get] : nil) {
            return .route(route, parameters: parameters)
        }
        return .wrongMethod(allowed: place.routes.keys.sorted { $0.rawValue < $1.rawValue })
    }
}

extension Router {
    /// Adds a reading route.
    public mutating func get(
        _ template: String,
        summary: String,
        access: Access,
        response: JSONValue? = nil,
        handler: @escaping Route.Handler
    ) {
        add(Route(.get, template, summary: summary, access: access, response: response, handler: handler))
    }

    /// Adds a route that creates or does something.
    public mutating func post(
        _ template: String,
        summary: String,
        access: Access,
        request: JSONValue? = nil,
        form: JSONValue? = nil,
        response: JSONValue? = nil,
        successStatus: Int = 200,
        countedAs: String? = nil,
        handler: @escaping Route.Handler
    ) {
        add(
            Route(
                .post,
                template,
                summary: summary,
                access: access,
                request: request,
                form: form,
                response: response,
                successStatus: successStatus,
                countedAs: countedAs,
                handler: handler
            )
        )
    }

    /// Adds a route that replaces something.
    public mutating func put(
        _ template: String,
        summary: String,
        access: Access,
        request: JSONValue? = nil,
        response: JSONValue? = nil,
        handler: @escaping Route.Handler
    ) {
        add(
            Route(
                .put,
                template,
                summary: summary,
                access: access,
                request: request,
                response: response,
                handler: handler
            )
        )
    }

    /// Adds a route that changes part of something.
    public mutating func patch(
        _ template: String,
        summary: String,
        access: Access,
        request: JSONValue? = nil,
        response: JSONValue? = nil,
        handler: @escaping Route.Handler
    ) {
        add(
            Route(
                .patch,
                template,
                summary: summary,
                access: access,
                request: request,
                response: response,
                handler: handler
            )
        )
    }

    /// Adds a route that takes something away.
    public mutating func delete(
        _ template: String,
        summary: String,
        access: Access,
        response: JSONValue? = nil,
        handler: @escaping Route.Handler
    ) {
        add(Route(.delete, template, summary: summary, access: access, response: response, handler: handler))
    }
}
