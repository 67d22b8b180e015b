/// A Compose file as shops have them: extension fields, merge keys, both forms of `depends_on`, and a password.
enum ComposeShop {
    static let text = """
        name: shop
        x-service: &service
          image: "registry.example.com/shop/app:${TAG}"
          restart: unless-stopped
          environment:
            DATABASE_URL: postgres://shop:${DB_PASSWORD}@postgres:5432/shop_production
            REDIS_URL: redis://redis:6379/0

        services:
          web:
            image: nginx:1.27-alpine
            restart: always
            ports: ["127.0.0.1:${WEB_PORT}:80"]
            depends_on: [api]
            healthcheck: {test: [CMD, curl, -f, "http://localhost/"], interval: 5s, timeout: 3s}

          api:
            <<: *service
            command: [serve]
            expose: ["8000"]
            deploy: {replicas: 2}
            depends_on:
              postgres: {condition: service_healthy}
              redis: {condition: service_started}
              migrate: {condition: service_completed_successfully}
            healthcheck:
              test: curl -fsS "http://localhost:8000/health?full=1" || exit 1

          worker:
            <<: *service
            command: [work]
            links: ["redis:queue"]

          migrate:
            <<: *service
            command: [migrate]
            restart: "no"
            depends_on: {postgres: {condition: service_healthy}}

          postgres:
            image: postgres:16
            restart: always
            environment:
              POSTGRES_USER: shop
              POSTGRES_PASSWORD: hunter2
              POSTGRES_DB: ${DB_NAME:-shop_production}
            expose: [5432]
            healthcheck: {test: [CMD-SHELL, "pg_isready -U $$POSTGRES_USER"], timeout: 5s}
            volumes: ["data:/var/lib/postgresql/data"]

          redis:
            image: redis:7
            restart: on-failure:3
            expose: ["6379"]
            healthcheck: {test: [CMD, redis-cli, ping]}

        volumes: {data: {}}
        """
}
