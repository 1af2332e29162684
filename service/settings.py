import re
from pathlib import Path
from typing import Final, Literal

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

MIB = 1024 * 1024
SHORTEST_SECRET: Final = 32
"""Characters; 256 random bits in hexadecimal or base64 are longer."""
URN: Final = re.compile(
    r"urn:(?!urn:)[a-z0-9][a-z0-9-]{0,30}[a-z0-9]:[a-z0-9._~!$&'()*+,;=:@%-][a-z0-9._~!$&'()*+,;=:@%/-]*", re.IGNORECASE
)
"""RFC 8141, section 2, without the parts after `?` and `#`, which do not name anything."""
SAMPLE_URN: Final = "urn:anodeprint:sample:company"
SAMPLE_BPNL: Final = "BPNL00SAMPLE0000"


class Settings(BaseSettings):
    """Everything a deployment may choose, from `ANODEPRINT_*` variables; docs/settings.md explains each.

    There is no default secret: `service.keys` makes one in `data_dir` at first start when `secret_key` is not given.
    """

    model_config = SettingsConfigDict(env_prefix="ANODEPRINT_", frozen=True, extra="forbid")

    env: Literal["production", "test"] = "production"
    data_dir: Path = Path("var")
    database_url: str | None = None
    base_url: str = "http://127.0.0.1:8000"
    secret_key: SecretStr | None = None

    company_name_zh: str = Field(default="示例负极材料有限公司（样例）", max_length=200)
    company_name_en: str = Field(default="Sample Anode Materials Co., Ltd. (sample)", max_length=200)
    company_address_zh: str = Field(default="广东省（样例地址）", max_length=300)
    company_address_en: str = Field(default="Guangdong, China (sample address)", max_length=300)
    company_registration_no: str = Field(default="SAMPLE-0000", max_length=100)
    company_urn: str = Field(default=SAMPLE_URN, max_length=200)
    company_domain: str = Field(default="sample.example", max_length=120, pattern=r"^[a-z0-9.-]+$")
    company_bpnl: str | None = Field(default=None, pattern=r"^BPNL[0-9A-Z]{12}$")
    company_logo: Path | None = None
    company_contact_email: str = Field(default="footprint@sample.example", max_length=200)

    smtp_host: str | None = None
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    smtp_starttls: bool = True
    mail_from: str = "no-reply@sample.example"
    reminder_from_hour: int = Field(default=9, ge=0, le=22)
    reminder_until_hour: int = Field(default=18, ge=1, le=24)

    default_locale: Literal["zh-CN", "en"] = "zh-CN"
    timezone: str = "Asia/Shanghai"
    require_totp: bool = True
    session_idle_minutes: int = Field(default=30, ge=1, le=24 * 60)
    session_absolute_hours: int = Field(default=12, ge=1, le=24 * 7)
    clamd_address: str | None = Field(default=None, max_length=200)
    upload_max_bytes: int = Field(default=25 * MIB, ge=MIB)
    answers_valid_months: int = Field(default=24, ge=1, le=120)
    json_max_bytes: int = Field(default=MIB, ge=1024)
    forwarded_allow_ips: str = ""
    jobs_in_web_process: bool = True
    pdf_workers: int = Field(default=1, ge=1, le=16)
    log_witness_email: str | None = Field(default=None, max_length=200)
    timestamp_url: str | None = Field(default=None, max_length=300)
    exchange_allow_private_addresses: bool = False
    keep_mails_days: int = Field(default=365, ge=30, le=3650)
    keep_ended_links_days: int = Field(default=90, ge=1, le=3650)
    carbon_prices_cny_per_t: tuple[float, ...] = Field(default=(100.0, 200.0, 400.0), min_length=1, max_length=6)
    green_certificate_tolerance_months: int = Field(default=0, ge=0, le=12)
    restatement_percent: float = Field(default=5.0, gt=0, le=50)
    log_format: Literal["console", "json"] = "json"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @property
    def bpnl(self) -> str | None:
        """The company's business partner number; the sample company has an invented one."""
        return SAMPLE_BPNL if self.company_bpnl is None and self.company_urn == SAMPLE_URN else self.company_bpnl

    def company_name(self, locale: str) -> str:
        """Return the company's name in a language."""
        return self.company_name_zh if locale == "zh-CN" else self.company_name_en

    @field_validator("base_url")
    @classmethod
    def without_trailing_slash(cls, value: str) -> str:
        """Refuse anything but an http(s) origin and drop the final slash."""
        if not value.startswith(("http://", "https://")):
            message = f"base_url={value!r} must start with http:// or https://"
            raise ValueError(message)
        return value.rstrip("/")

    @field_validator("company_urn")
    @classmethod
    def is_urn(cls, value: str) -> str:
        """Refuse anything but a URN, by which customers' systems know the company."""
        if not URN.fullmatch(value):
            message = f"company_urn={value!r} is no URN (RFC 8141); write urn:<namespace>:<name>, such as urn:lei:<20 characters>"
            raise ValueError(message)
        return value

    @field_validator("secret_key")
    @classmethod
    def long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        """Refuse a secret key that could be guessed."""
        if value is not None and len(value.get_secret_value()) < SHORTEST_SECRET:
            message = f"secret_key needs at least {SHORTEST_SECRET} characters; leave it out and one is made in data_dir"
            raise ValueError(message)
        return value

    @field_validator("reminder_until_hour")
    @classmethod
    def after_the_first_hour(cls, value: int, earlier: ValidationInfo) -> int:
        """Refuse hours between which nothing could ever be sent."""
        first = earlier.data.get("reminder_from_hour")
        if first is not None and value <= first:
            message = f"reminder_until_hour={value} must be later than reminder_from_hour={first}"
            raise ValueError(message)
        return value

    @property
    def effective_database_url(self) -> str:
        """The URL given, or the embedded SQLite file in `data_dir`."""
        return self.database_url or f"sqlite:///{self.data_dir / 'anodeprint.db'}"

    @property
    def is_https(self) -> bool:
        """Whether people reach the service over TLS, which decides on cookie names and HSTS."""
        return self.base_url.startswith("https://")
