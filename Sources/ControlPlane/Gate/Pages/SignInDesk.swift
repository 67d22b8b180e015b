import OpsHTTP
import OpsModel
import OpsService
import OpsTrust
import Synchronization

/// Lets people with an operator's key in, for a while, and knows them again.
///
/// All of it is in memory: after a restart of the gate everybody signs in anew. What a key may do is asked for at every page, so
/// a key that is taken away takes its sign-ins along.
final class SignInDesk: Sendable {
    private static let scope = "operator"

    private let keys: KeyFile
    private let logger: Logger
    /// Cookies know no ports, so that labs side by side would take each other's.
    private let cookie: String
    private let visit: String
    private let seal = FormSeal()
    private let table = Mutex(SignInTable())
    private let perKey = RateLimiter(perSecond: 0.1, burst: 10)
    private let together = RateLimiter(perSecond: 1, burst: 30)
    private let looks = RateLimiter(perSecond: 5, burst: 50)

    init(keys: KeyFile, instanceID: String, logger: Logger) {
        self.keys = keys
        self.logger = logger
        let lab = Digest.sha256(instanceID).hex.prefix(8)
        cookie = "opslab_signin_\(lab)"
        visit = "opslab_visit_\(lab)"
    }

    /// Who sent a request; nil when nobody is signed in there.
    func person(_ request: HTTPRequest) -> SignIn? {
        guard let secret = Cookies(request.headers)[cookie],
            let signIn = table.withLock({ $0.find(secret, at: .now) })
        else { return nil }
        guard keys.holder(prefix: signIn.keyPrefix, hash: signIn.keyHash) == signIn.person else {
            table.withLock { $0.close(secret) }
            return nil
        }
        return signIn
    }

    /// Lets nobody have the records read faster than a person can read them.
    func pace(_ signIn: SignIn) throws(HTTPError) {
        guard let wait = looks.take(signIn.person.name) else { return }
        throw .tooMany("These pages are asked for too often.", retryAfter: Int(wait.components.seconds) + 1)
    }

    /// A form for somebody who is not signed in: what it has to bring back, and the field that ties it to the browser.
    func welcome() -> (token: String, field: String) {
        let visitor = Base64URL.encode(randomBytes(16))
        let seconds = Int(SignIn.life.components.seconds)
        return (seal.token([visitor]), Cookies.keeping(visit, visitor, seconds: seconds))
    }

    /// Whether a form is one that this browser was given.
    func knows(_ form: PageForm, of request: HTTPRequest) -> Bool {
        guard let visitor = Cookies(request.headers)[visit] else { return false }
        return seal.accepts(form["token"], [visitor])
    }

    /// Signs somebody in and gives back the fields that tell the browser; throws for a key that opens nothing here.
    func open(_ text: String, instead request: HTTPRequest) throws(HTTPError) -> [String] {
        let presented = APIKey(text)
        try spend(presented?.prefix ?? "")
        guard let key = presented, let person = keys.lookUp(key: text), person.scopes.contains(Self.scope) else {
            logger.warning("sign-in refused", ["key": .string(presented?.description ?? "none")])
            throw .forbidden(
                "key_refused",
                "This key is not known, or may not decide anything.",
                hint: "It is the text in secrets/key-operator of the lab's directory."
            )
        }
        close(request)
        let ends = ContinuousClock.now + SignIn.life
        let signIn = SignIn(person: person, keyPrefix: key.prefix, keyHash: key.hash, endsAt: ends)
        let secret = table.withLock { $0.open(signIn, at: .now) }
        logger.info("signed in", ["principal": .string(person.name)])
        let seconds = Int(SignIn.life.components.seconds)
        return [Cookies.keeping(cookie, secret, seconds: seconds), Cookies.forgetting(visit)]
    }

    /// Ends a sign-in here and gives back the field that tells the browser.
    @discardableResult
    func close(_ request: HTTPRequest) -> String {
        if let secret = Cookies(request.headers)[cookie] { table.withLock { $0.close(secret) } }
        return Cookies.forgetting(cookie)
    }

    private func spend(_ prefix: String) throws(HTTPError) {
        guard let wait = together.take("all") ?? perKey.take(prefix) else { return }
        throw .tooMany("Too many tries to sign in.", retryAfter: Int(wait.components.seconds) + 1)
    }
}
